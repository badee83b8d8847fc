package dev.penstock.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.benchmarks.instrument.Checked;
import dev.penstock.benchmarks.instrument.FirstTokenRound;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureTest {
  private final Figure<FirstTokenRound> p50 =
      new Figure<>(
          List.of(
              round(1, "direct", 400),
              round(1, "nginx", 500),
              round(1, "penstock", 700),
              round(2, "penstock", 1_000),
              round(2, "nginx", 600),
              round(2, "direct", 500),
              round(3, "nginx", 390),
              round(3, "direct", 400),
              round(3, "penstock", 800)),
          FirstTokenRound::p50Micros);

  @Test
  void takesRatiosInsideRounds() {
    Spread times = p50.times("penstock", "nginx").orElseThrow();

    assertThat(times.rounds()).isEqualTo(3);
    assertThat(times.min()).isEqualTo(1.4);
    assertThat(times.median()).isEqualTo(1_000 / 600.0);
    assertThat(times.max()).isEqualTo(800 / 390.0);
  }

  @Test
  void takesDifferencesInsideRounds() {
    assertThat(p50.beyond("penstock", "direct").orElseThrow())
        .isEqualTo(new Spread(3, 400, 300, 350, 450, 500));
  }

  @Test
  void leavesOutRoundsInWhichTheOtherAddedNothing() {
    Spread times = p50.timesBeyond("penstock", "nginx", "direct").orElseThrow();

    assertThat(times.rounds()).isEqualTo(2);
    assertThat(times.min()).isEqualTo(3);
    assertThat(times.max()).isEqualTo(5);
  }

  @Test
  void hasNothingToSayOfATargetThatWasLeftOut() {
    assertThat(p50.of("pipe")).isEmpty();
    assertThat(p50.times("pipe", "nginx")).isEmpty();
    assertThat(p50.times("penstock", "pipe")).isEmpty();
  }

  private static FirstTokenRound round(int number, String target, long p50) {
    return new FirstTokenRound(number, target, 10, 10, p50, p50, 1, new Checked(10, 0, Map.of()));
  }
}
