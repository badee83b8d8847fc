package dev.penstock.dataplane.journal;

import static dev.penstock.dataplane.journal.SpoolKit.CODEC;
import static dev.penstock.dataplane.journal.SpoolKit.SMALL;
import static dev.penstock.dataplane.journal.SpoolKit.hold;
import static dev.penstock.dataplane.journal.SpoolKit.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.dataplane.journal.ExchangeRecord.Charge;
import dev.penstock.dataplane.journal.LeaseLine.State;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.proto.usage.v1.SpoolRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {

  /** Tokens that recovery takes to have come after the last mark. */
  private static final long UNSEEN = 1_200;

  private static final String LEASE = "0b6e3a52-0000-4000-8000-000000000001";

  @TempDir Path dir;

  @Test
  void sendsWhatWasSettledInOrderOnceItIsOnTheDisk() throws Exception {
    try (Spool spool = SpoolKit.open(dir)) {
      // Given
      assertThat(spool.tryHold(hold("r1", LEASE))).isTrue();
      assertThat(spool.tryHold(hold("r2", LEASE))).isTrue();

      // When
      assertThat(spool.settle(record("r2", 5, List.of(LEASE)))).isEqualTo(1);
      assertThat(spool.settle(record("r1", 6, List.of(LEASE)))).isEqualTo(2);
      assertThat(spool.tryRecord(record("r3", 0, List.of()))).isTrue();

      // Then
      assertThat(ids(spool, 1, 3)).containsExactly("r2", "r1", "r3");
      assertThat(spool.lastSeq()).isEqualTo(3);
    }
  }

  @Test
  void refusesASecondSettlementAndOneWithoutHold() throws Exception {
    try (Spool spool = SpoolKit.open(dir)) {
      // Given
      spool.tryHold(hold("r1"));
      spool.settle(record("r1", 0, List.of()));

      // When, Then
      assertThatThrownBy(() -> spool.settle(record("r1", 0, List.of())))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> spool.settle(record("never", 0, List.of())))
          .isInstanceOf(IllegalStateException.class);
      assertThat(spool.stats().openHolds()).isZero();
    }
  }

  @Test
  void refusesASecondProcess() throws Exception {
    try (Spool spool = SpoolKit.open(dir)) {
      assertThatThrownBy(() -> SpoolKit.open(dir))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process");
      assertThat(spool.spoolId()).isNotEmpty();
    }
  }

  @Test
  void settlesWhatItsPredecessorLeftOpen() throws Exception {
    // Given
    String spoolId;
    try (Spool spool = SpoolKit.open(dir)) {
      spoolId = spool.spoolId();
      spool.tryLease(new LeaseLine(LEASE, "budget", 5_000_000, 0, 0, State.ACTIVE));
      spool.tryHold(hold("r1", LEASE));
      spool.tryHold(hold("r2", LEASE));
      spool.progress("r1", 100);
      spool.tryHold(hold("r3", LEASE));
      spool.progress("r3", 10_000_000);
      spool.settle(record("r2", 7, List.of(LEASE)));
    }

    // When
    try (Spool spool = SpoolKit.open(dir)) {
      // Then
      assertThat(spool.spoolId()).isEqualTo(spoolId);
      List<SpoolRecord> records = records(spool, 1, 3);
      assertThat(records).extracting(r -> r.getRequest().getId()).containsExactly("r2", "r1", "r3");
      assertThat(records)
          .extracting(r -> r.getRequest().getPresumed())
          .containsExactly(false, true, true);
      assertThat(records)
          .extracting(r -> r.getRequest().getCostNanoUsd())
          .containsExactly(7L, 10L + 2 * (100 + UNSEEN), 1_000_000L);
      assertThat(records.get(1).getRequest().getErrorCode()).isEqualTo("upstream_cut");
      assertThat(records.get(1).getRequest().getOutcome()).isEqualTo("failed");
      assertThat(records.get(1).getRequest().getCharges(0).getLeaseId()).isEqualTo(LEASE);
      assertThat(spool.leases())
          .containsExactly(
              new LeaseLine(
                  LEASE,
                  "budget",
                  5_000_000,
                  0,
                  7 + 10 + 2 * (100 + UNSEEN) + 1_000_000,
                  State.ACTIVE));
      assertThat(spool.stats().openHolds()).isZero();
    }
  }

  @Test
  void presumesUpToWhatWasHeldAtLast() throws Exception {
    // Given
    try (Spool spool = SpoolKit.open(dir)) {
      spool.tryLease(new LeaseLine(LEASE, "budget", 9_000_000, 0, 0, State.ACTIVE));
      spool.tryHold(hold("r1", LEASE));
      spool.tryHold(hold("r2", LEASE));
      assertThat(spool.tryExtend("r1", 400_000, 3_000_000)).isTrue();
      spool.progress("r1", 1_000_000); // two million
      spool.progress("r2", 1_000_000);
      assertThat(spool.tryExtend("r1", 1_000_000, 3_000_000)).as("no news").isTrue();
    }

    // When
    try (Spool spool = SpoolKit.open(dir)) {
      // Then
      assertThat(records(spool, 1, 2))
          .extracting(r -> r.getRequest().getCostNanoUsd())
          .containsExactly(10 + 2 * (1_000_000 + UNSEEN), 1_000_000L);
    }
  }

  @Test
  void closesLeasesAfterALossOfPower() throws Exception {
    // Given
    Path boot;
    try (Spool spool = SpoolKit.open(dir)) {
      spool.tryLease(new LeaseLine(LEASE, "budget", 500, 0, 0, State.ACTIVE));
      boot = dir.resolve(spool.spoolId()).resolve("boot");
    }
    Files.writeString(boot, "another boot");

    // When
    try (Spool spool = SpoolKit.open(dir)) {
      // Then
      assertThat(spool.leases()).extracting(LeaseLine::state).containsExactly(State.CLOSING);
    }
  }

  @Test
  void keepsLeaseTotalsWhenTheirSegmentsGo() throws Exception {
    // Given
    long spent = 0;
    try (Spool spool = SpoolKit.open(dir)) {
      spool.tryLease(new LeaseLine(LEASE, "budget", 9_000_000, 0, 0, State.ACTIVE));
      spool.tryHold(hold("long", LEASE));
      spool.progress("long", 50);
      spool.tryExtend("long", 700_000, 1_500_000);
      Path first = segmentFiles(spool).getFirst();

      // When
      for (int i = 0; i < 2000; i++) {
        exchange(spool, "r" + i, 3);
        spent += 3;
        if (i % 10 == 0) {
          confirmAll(spool);
        }
      }
      confirmAll(spool);

      // Then
      await().untilAsserted(() -> assertThat(first).doesNotExist());
      assertThat(segmentFiles(spool)).hasSizeLessThan(6);
    }
    try (Spool spool = SpoolKit.open(dir)) {
      long presumed = 10 + 2 * (700_000 + UNSEEN);
      assertThat(spool.leases()).extracting(LeaseLine::consumed).containsExactly(spent + presumed);
      assertThat(ids(spool, 2001, 1)).containsExactly("long");
    }
  }

  @Test
  void admitsNothingThatItCouldNotSettle() throws Exception {
    // Given
    SpoolLimits tiny = new SpoolLimits(64 << 10, 16 << 10, 1024, Duration.ofMillis(5), 16);
    try (Spool spool = Spool.open(dir, tiny, CODEC)) {
      List<String> admitted = new ArrayList<>();
      await()
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(() -> {
            while (spool.tryHold(hold("r" + admitted.size(), LEASE))) {
              admitted.add("r" + admitted.size());
            }
            assertThat(spool.stats().usedBytes()).isEqualTo(64 << 10);
          });
      assertThat(admitted).hasSizeGreaterThan(10);

      // When
      admitted.forEach(id -> spool.settle(record(id, 1, List.of(LEASE))));

      // Then
      assertThat(ids(spool, 1, admitted.size())).containsExactlyElementsOf(admitted);
      assertThat(spool.stats().usedBytes()).isEqualTo(64 << 10);

      // And: what is confirmed makes room again
      confirmAll(spool);
      await().untilAsserted(() -> assertThat(spool.tryHold(hold("next"))).isTrue());
    }
  }

  @Test
  void rewritesASegmentThatTheDiskRefuses() throws Exception {
    // Given
    AtomicInteger failures = new AtomicInteger();
    Disk disk =
        new Disk() {
          @Override
          public void allocate(Path path, int bytes) throws IOException {
            Disk.REAL.allocate(path, bytes);
          }

          @Override
          public void force(Segment segment, int upTo) throws IOException {
            if (failures.getAndDecrement() > 0) {
              throw new IOException("Input/output error");
            }
            Disk.REAL.force(segment, upTo);
          }
        };
    try (Spool spool = Spool.open(dir, SMALL, CODEC, disk)) {
      spool.tryHold(hold("r1", LEASE));
      spool.tryHold(hold("r2", LEASE));
      Path before = segmentFiles(spool).getFirst();

      // When
      failures.set(2);
      spool.settle(record("r1", 1, List.of(LEASE)));

      // Then
      await().untilAsserted(() -> assertThat(before).doesNotExist());
      spool.settle(record("r2", 1, List.of(LEASE)));
      await().until(() -> spool.stats().healthy());
      assertThat(ids(spool, 1, 2)).containsExactly("r1", "r2");
    }
    try (Spool spool = SpoolKit.open(dir)) {
      assertThat(ids(spool, 1, 2)).containsExactly("r1", "r2");
      assertThat(spool.lastSeq()).isEqualTo(2);
    }
  }

  @Test
  void doesNotAdmitWhileTheDiskRefuses() throws Exception {
    // Given
    Disk disk =
        new Disk() {
          @Override
          public void allocate(Path path, int bytes) throws IOException {
            Disk.REAL.allocate(path, bytes);
          }

          @Override
          public void force(Segment segment, int upTo) throws IOException {
            if (segment.lastSeq() > 0) {
              throw new IOException("Input/output error");
            }
            Disk.REAL.force(segment, upTo);
          }
        };
    try (Spool spool = Spool.open(dir, SMALL, CODEC, disk)) {
      spool.tryHold(hold("open"));

      // When
      spool.tryRecord(record("r1", 0, List.of()));

      // Then
      await().untilAsserted(() -> assertThat(spool.stats().healthy()).isFalse());
      assertThat(spool.tryHold(hold("r2"))).isFalse();
      assertThat(spool.settle(record("open", 0, List.of()))).isEqualTo(2);
    }
  }

  @Test
  void trustsNoAcknowledgementThatCannotBe() throws Exception {
    try (Spool spool = SpoolKit.open(dir)) {
      // Given
      exchange(spool, "r1", 1);
      exchange(spool, "r2", 1);
      records(spool, 1, 2);

      // When, Then
      assertThat(spool.ack(3)).isFalse();
      assertThat(spool.ack(2)).isTrue();
      assertThat(spool.ack(1)).isFalse();
      assertThat(spool.ackedSeq()).isEqualTo(2);
    }
  }

  @Test
  void fillsNumbersOfALostSegmentWithGaps() throws Exception {
    // Given
    List<Path> files;
    long last;
    try (Spool spool = SpoolKit.open(dir)) {
      for (int i = 0; i < 300; i++) {
        exchange(spool, "r" + i, 1);
      }
      last = spool.lastSeq();
      records(spool, 1, 300);
      files = segmentFiles(spool);
    }
    Files.delete(files.get(1));

    // When
    try (Spool spool = SpoolKit.open(dir)) {
      // Then
      List<SpoolRecord> records = records(spool, 1, 300);
      assertThat(records).extracting(SpoolRecord::getSeq).isSorted().hasSize(300);
      assertThat(records).anyMatch(SpoolRecord::hasGap);
      assertThat(spool.lastSeq()).isGreaterThanOrEqualTo(last);
    }
  }

  @Test
  void cutsDetailRatherThanARecord() throws Exception {
    try (Spool spool = SpoolKit.open(dir)) {
      // Given
      spool.tryHold(hold("r1", LEASE));
      ExchangeRecord plain = record("r1", 9, List.of(LEASE));
      List<ExchangeRecord.Decision> many =
          Stream.generate(() ->
                  new ExchangeRecord.Decision(
                      "open", ExchangeRecord.Decision.Verdict.PASS, "x".repeat(400), 1))
              .limit(50)
              .toList();
      ExchangeRecord large =
          new ExchangeRecord(
              plain.id(),
              plain.at(),
              plain.caller(),
              plain.dialect(),
              plain.transport(),
              plain.stream(),
              plain.modelAsked(),
              plain.model(),
              plain.target(),
              plain.policyRevision(),
              many,
              plain.attempts(),
              plain.timing(),
              plain.tokens(),
              plain.usageSource(),
              plain.serviceTier(),
              plain.cost(),
              plain.outcome(),
              plain.errorCode(),
              plain.status(),
              List.of(new Charge(LEASE, new NanoUsd(9))),
              false);

      // When
      spool.settle(large);

      // Then
      SpoolRecord sent = records(spool, 1, 1).getFirst();
      assertThat(sent.getSerializedSize()).isLessThanOrEqualTo(SMALL.maxRecordBytes());
      assertThat(sent.getRequest().getCharges(0).getCostNanoUsd()).isEqualTo(9);
    }
  }

  private static void exchange(Spool spool, String id, long cost) {
    await().pollDelay(Duration.ZERO).until(() -> spool.tryHold(hold(id, LEASE)));
    spool.settle(record(id, cost, List.of(LEASE)));
  }

  private static void confirmAll(Spool spool) {
    long last = spool.lastSeq();
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> spool.batch(last, 1, Integer.MAX_VALUE).isPresent());
    assertThat(spool.ack(last)).isTrue();
  }

  private static List<String> ids(Spool spool, long from, int count) {
    return records(spool, from, count).stream().map(r -> r.getRequest().getId()).toList();
  }

  static List<SpoolRecord> records(Spool spool, long from, int count) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> spool.batch(from + count - 1, 1, Integer.MAX_VALUE).isPresent());
    return spool.batch(from, count, Integer.MAX_VALUE).orElseThrow().records().stream()
        .map(SpoolTest::parse)
        .toList();
  }

  private static SpoolRecord parse(byte[] bytes) {
    try {
      return SpoolRecord.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private List<Path> segmentFiles(Spool spool) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve(spool.spoolId()))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }
}
