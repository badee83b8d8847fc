package dev.penstock.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeftoversTest {
  private final Process process = start();

  @AfterEach
  void leaveNothingBehind() {
    process.destroyForcibly();
  }

  @Test
  void endsAProcessThatAnEarlierRunStarted() {
    assertThat(Leftovers.stop(List.of(entry(startOf(process))))).containsExactly("node");

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void sparesAProcessThatOnlyHasTheSameNumber() {
    ProcessEntry stale = entry(startOf(process).minus(Duration.ofMinutes(10)));

    assertThat(Leftovers.stop(List.of(stale))).isEmpty();

    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void passesOverWhatIsDownOrUnreadable() {
    ProcessEntry down =
        new ProcessEntry("node", "data-plane", null, null, null, null, "log", "stopped", null);
    ProcessEntry odd =
        new ProcessEntry(
            "node", "data-plane", null, process.pid(), null, null, "log", "running", "yesterday");

    assertThat(Leftovers.stop(List.of(down, odd))).isEmpty();
    assertThat(process.isAlive()).isTrue();
  }

  private ProcessEntry entry(Instant startedAt) {
    return new ProcessEntry(
        "node",
        "data-plane",
        null,
        process.pid(),
        null,
        null,
        "log",
        "running",
        startedAt.toString());
  }

  private static Instant startOf(Process process) {
    return process.info().startInstant().orElseThrow();
  }

  private static Process start() {
    try {
      return new ProcessBuilder("sleep", "600").start();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
