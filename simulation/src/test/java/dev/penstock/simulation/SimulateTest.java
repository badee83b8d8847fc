package dev.penstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.simulation.Run.Outcome;
import dev.penstock.simulation.Violation.Invariant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SimulateTest {

  private static final long SEEDS = 1000;

  @Test
  void budgetsHoldWhateverFails() {
    Report report = Simulate.report(1, SEEDS, Design.SOUND);

    assertThat(report.violated()).as(report.text(5)).isEmpty();
    assertThat(report.overspentSeeds()).isZero();
    assertThat(report.lostEvents()).isZero();
    assertThat(report.duplicateEvents()).isZero();
    assertThat(report.admitted()).as("it is not a run of refusals").isGreaterThan(SEEDS * 100);
    assertThat(report.refused()).as("money runs out").isGreaterThan(SEEDS);
  }

  /** A test that never fails proves nothing: each wrong design has to be found. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "SOUND")
  void findsWhatIsWrongWithEveryBrokenDesign(Design design) {
    Set<Invariant> expected = expected(design);

    Optional<Outcome> found =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> Run.of(seed, design))
            .filter(outcome ->
                outcome
                    .violation()
                    .filter(violation -> expected.contains(violation.invariant()))
                    .isPresent())
            .findFirst();

    assertThat(found).isPresent();
  }

  private static Set<Invariant> expected(Design design) {
    return switch (design) {
      case SOUND -> Set.of();
      case RECLAIM_AT_EXPIRY, STOP_AT_EXPIRY, CHECK_THEN_ACT, UNWRITTEN_EXTENSIONS ->
          Set.of(Invariant.SPEND_WITHIN_LIMIT);
      case DELTA_GRANTS -> Set.of(Invariant.SPEND_WITHIN_LIMIT);
      case NO_DEDUPLICATION -> Set.of(Invariant.BOOKED_AS_RECORDED, Invariant.RECORDS_ONCE);
    };
  }

  @Test
  void aSeedIsAllThereIsToSay() {
    Outcome once = Run.of(42, Design.SOUND);

    assertThat(Run.of(42, Design.SOUND)).isEqualTo(once);
  }

  @Test
  void writesWhatItFound(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("found.json");

    int code = run("--seeds", "3", "--seed-start", "7", "--json", file.toString());

    assertThat(code).isZero();
    assertThat(Files.readString(file))
        .contains("\"seeds\": 3", "\"overspentSeeds\": 0", "\"maxOverspendNanoUsd\": 0")
        .contains("\"lostEvents\": 0", "\"duplicateEvents\": 0");
  }

  @Test
  void saysWhatItExpects() {
    assertThat(run("--seeds", "none")).isEqualTo(64);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .contains("--seeds: none (expected: a number from 1 to");
    assertThat(run("--seeds")).isEqualTo(64);
    assertThat(run("--speed", "1")).isEqualTo(64);
  }

  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private int run(String... arguments) {
    PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
    return Simulate.run(List.of(arguments), new PrintStream(new ByteArrayOutputStream()), err);
  }
}
