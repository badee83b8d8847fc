package dev.penstock.dataplane.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.journal.ExchangeRecord.OpenHold;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it takes of an event loop to write down that an exchange holds money on three leases, while
 * the spool's own thread brings it to the disk. Not part of the suite: run by name, read what it
 * prints; see docs/performance.md.
 */
class SpoolFigures {

  private static final int ROUNDS = 9;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int BATCH = 100;
  private static final int BATCHES = 1_000;
  private static final Duration BREATH = Duration.ofMillis(3);
  private static final String[] LEASES =
      Stream.generate(() -> UUID.randomUUID().toString()).limit(3).toArray(String[]::new);

  @TempDir Path dir;

  private int written;

  @Test
  void whatAHoldsLineTakes() throws IOException, InterruptedException {
    try (Spool spool = Spool.open(dir, SpoolLimits.DEFAULT, SpoolKit.CODEC)) {
      List<Round> rounds = new ArrayList<>();
      for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
        Round seen = measure(spool);
        if (round >= WARM_UP_ROUNDS) {
          rounds.add(seen);
        }
      }
      long[] medians = rounds.stream().mapToLong(Round::medianNanos).sorted().toArray();
      long[] slow = rounds.stream().mapToLong(Round::slowNanos).sorted().toArray();
      System.out.printf(
          "a HOLD of three leases: %d ns [%d-%d], one in a thousand %d ns [%d-%d]%n",
          medians[ROUNDS / 2],
          medians[0],
          medians[ROUNDS - 1],
          slow[ROUNDS / 2],
          slow[0],
          slow[ROUNDS - 1]);
    }
  }

  private record Round(long medianNanos, long slowNanos) {}

  private Round measure(Spool spool) throws InterruptedException {
    long[] nanos = new long[BATCH * BATCHES];
    for (int batch = 0; batch < BATCHES; batch++) {
      List<OpenHold> holds =
          Stream.generate(() -> SpoolKit.hold("r-" + written++, LEASES)).limit(BATCH).toList();
      for (int i = 0; i < BATCH; i++) {
        long began = System.nanoTime();
        boolean isWritten = spool.tryHold(holds.get(i));
        nanos[batch * BATCH + i] = System.nanoTime() - began;
        assertThat(isWritten).isTrue();
      }
      for (OpenHold hold : holds) {
        spool.settle(SpoolKit.record(hold.soFar().id(), 1, List.of(LEASES)));
      }
      report(spool);
      Thread.sleep(BREATH); // no node writes at this rate for long
    }
    Arrays.sort(nanos);
    return new Round(nanos[nanos.length / 2], nanos[nanos.length - nanos.length / 1_000]);
  }

  /** As the session does with a control plane that answers at once. */
  private static void report(Spool spool) {
    Optional<Spool.Batch> batch = spool.batch(spool.ackedSeq() + 1, 500, 256 << 10);
    while (batch.isPresent()) {
      spool.ack(batch.get().lastSeq());
      batch = spool.batch(spool.ackedSeq() + 1, 500, 256 << 10);
    }
  }
}
