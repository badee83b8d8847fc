package dev.penstock.dataplane.journal;

import static dev.penstock.dataplane.journal.SpoolKit.CODEC;
import static dev.penstock.dataplane.journal.SpoolKit.hold;
import static dev.penstock.dataplane.journal.SpoolKit.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.journal.LeaseLine.State;
import dev.penstock.proto.usage.v1.SpoolRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the files: the spool opens, and no number is ever given to two exchanges. */
final class SpoolRecoveryTest {

  private static final String LEASE = "0b6e3a52-0000-4000-8000-000000000001";

  private static final SpoolLimits TINY =
      new SpoolLimits(1 << 20, 8 << 10, 1024, Duration.ofMillis(2), 4);

  @TempDir Path dir;

  @Test
  void opensWhateverTheNewestSegmentIsCutTo() throws Exception {
    // Given
    Path whole = dir.resolve("whole");
    Map<Long, String> sent = new HashMap<>();
    try (Spool spool = Spool.open(whole, TINY, CODEC)) {
      for (int i = 0; i < 12; i++) {
        String id = "r" + i;
        soon().until(() -> spool.tryHold(hold(id, LEASE)));
        spool.settle(record("r" + i, 1, List.of(LEASE)));
      }
      for (SpoolRecord record : SpoolTest.records(spool, 1, 12)) {
        sent.put(record.getSeq(), record.getRequest().getId());
      }
    }
    Path newest = segments(whole).stream().filter(SpoolRecoveryTest::isUsed).toList().getLast();
    byte[] bytes = Files.readAllBytes(newest);
    SegmentScan scan = SegmentScan.of(bytes).orElseThrow();
    List<Object> all = comparable(scan);

    // When, Then
    for (int cut = Segment.HEADER_BYTES; cut < scan.end(); cut++) {
      List<Object> part = comparable(SegmentScan.of(Arrays.copyOf(bytes, cut)).orElseThrow());
      assertThat(all.subList(0, part.size())).isEqualTo(part);
    }
    for (int cut = 0; cut < scan.end(); cut += 211) {
      Path copy = copyOf(whole, "cut-" + cut);
      truncate(copy.resolve(whole.relativize(newest)), cut);
      assertOpensWithoutReuse(copy, sent);
      delete(copy);
    }
  }

  @Property(tries = 25)
  void opensWhateverBytesAreFlipped(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 0, max = 1 << 30) Integer> flips,
      @ForAll @IntRange(min = 1, max = 60) int exchanges)
      throws IOException {
    // Given
    Path root = Files.createTempDirectory("spool-flip");
    Map<Long, String> sent = new HashMap<>();
    try (Spool spool = Spool.open(root, TINY, CODEC)) {
      for (int i = 0; i < exchanges; i++) {
        if (spool.tryHold(hold("r" + i, LEASE)) && i % 3 != 0) {
          spool.settle(record("r" + i, 1, List.of(LEASE)));
        }
      }
      int last = (int) spool.lastSeq();
      if (last > 0) {
        for (SpoolRecord record : SpoolTest.records(spool, 1, last)) {
          sent.put(record.getSeq(), record.getRequest().getId());
        }
      }
    }

    // When
    List<Path> files = segments(root).stream().filter(SpoolRecoveryTest::isUsed).toList();
    for (int flip : flips) {
      Path file = files.get(flip % files.size());
      byte[] bytes = Files.readAllBytes(file);
      int end = SegmentScan.of(bytes).map(SegmentScan::end).orElse(bytes.length);
      bytes[(flip / 8) % end] ^= (byte) (1 << (flip % 8));
      Files.write(file, bytes);
    }

    // Then
    assertOpensWithoutReuse(root, sent);
    delete(root);
  }

  @Property(tries = 12)
  void countsEveryExchangeOnceOverAnyNumberOfRestarts(@ForAll Random random) throws IOException {
    // Given
    Path root = Files.createTempDirectory("spool-restart");
    Map<Long, String> received = new HashMap<>();
    Set<String> held = new HashSet<>();
    long spent = 0;

    // When
    for (int life = 0; life < 4; life++) {
      try (Spool spool = Spool.open(root, TINY, CODEC)) {
        if (life == 0) {
          spool.tryLease(new LeaseLine(LEASE, "budget", 1_000_000_000, 0, 0, State.ACTIVE));
        }
        List<String> open = new ArrayList<>();
        for (int i = random.nextInt(80); i > 0; i--) {
          String id = "life" + life + "-" + i;
          if (spool.tryHold(hold(id, LEASE))) {
            held.add(id);
            open.add(id);
          }
          if (!open.isEmpty() && random.nextInt(4) > 0) {
            spool.settle(record(open.remove(random.nextInt(open.size())), 5, List.of(LEASE)));
          }
          if (random.nextInt(8) == 0) {
            receive(spool, received);
          }
        }
      }
    }
    try (Spool spool = Spool.open(root, TINY, CODEC)) {
      long last = spool.lastSeq();
      while (received.size() < last) {
        receive(spool, received);
      }
      spent = spool.leases().getFirst().consumed();

      // Then
      assertThat(received.values()).containsExactlyInAnyOrderElementsOf(held);
      assertThat(spool.ackedSeq()).isEqualTo(last);
    }
    long presumed = (spent - 5L * held.size()) / 2_405; // a cut exchange costs 2,410 instead of 5
    assertThat(presumed).isBetween(0L, (long) held.size());
    delete(root);
  }

  @Test
  void losesNothingThatWasSettledWhenItsProcessIsKilled() throws Exception {
    // Given
    Path root = dir.resolve("killed");
    Set<String> settled = new HashSet<>();
    for (int life = 0; life < 3; life++) {
      Path said = dir.resolve("said-" + life);
      Process child =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Appender.class.getName(),
                  root.toString(),
                  "life" + life)
              .redirectOutput(said.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.size(said) > 10_000);
      } finally {
        // When
        child.destroyForcibly().waitFor();
      }
      // A line that the kill cut short says nothing; each whole one ends with a full stop.
      Files.readString(said).lines().filter(line -> line.endsWith(".")).forEach(settled::add);
    }

    // Then
    try (Spool spool = Spool.open(root, Appender.LIMITS, CODEC)) {
      Map<Long, String> received = new HashMap<>();
      while (received.size() < spool.lastSeq()) {
        receive(spool, received);
      }
      assertThat(received.values()).doesNotHaveDuplicates();
      assertThat(received.values())
          .containsAll(settled.stream().map(line -> line.replace(".", "")).toList());
    }
  }

  /** Appends until it is killed, and says what it has appended. */
  static final class Appender {

    private static final SpoolLimits LIMITS =
        new SpoolLimits(64 << 20, 256 << 10, 2048, Duration.ofMillis(5), 16);

    private Appender() {}

    public static void main(String[] args) throws IOException {
      try (Spool spool = Spool.open(Path.of(args[0]), LIMITS, CODEC)) {
        for (int i = 0; true; i++) {
          String id = args[1] + "-" + i;
          if (spool.tryHold(hold(id, LEASE))) {
            spool.settle(record(id, 1, List.of(LEASE)));
            System.out.println(id + ".");
          } else {
            Thread.onSpinWait();
          }
        }
      }
    }
  }

  private static void assertOpensWithoutReuse(Path root, Map<Long, String> sent)
      throws IOException {
    try (Spool spool = Spool.open(root, TINY, CODEC)) {
      soon().until(() -> spool.tryRecord(record("new", 0, List.of())));
      Map<Long, String> received = new HashMap<>();
      while (spool.ackedSeq() < spool.lastSeq()) {
        receive(spool, received);
      }
      received.forEach((seq, id) -> {
        if (sent.containsKey(seq) && !id.isEmpty()) {
          assertThat(id).isEqualTo(sent.get(seq));
        }
      });
      assertThat(received).containsValue("new");
    }
  }

  /** There is room within milliseconds, and it is waited for a hundred times. */
  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
  }

  private static void receive(Spool spool, Map<Long, String> received) {
    spool
        .batch(spool.ackedSeq() + 1, 500, 256 << 10)
        .ifPresent(batch -> {
          List<SpoolRecord> records =
              SpoolTest.records(spool, batch.firstSeq(), batch.records().size());
          for (SpoolRecord record : records) {
            String id = record.getRequest().getId();
            assertThat(received.put(record.getSeq(), id)).isNull();
          }
          assertThat(spool.ack(batch.lastSeq())).isTrue();
        });
  }

  /** Lines that are equal where their payloads are; thousands are compared. */
  private static List<Object> comparable(SegmentScan scan) {
    return scan.lines().stream()
        .<Object>map(line -> List.of(line.type(), line.offset(), ByteBuffer.wrap(line.payload())))
        .toList();
  }

  private static boolean isUsed(Path segment) {
    try {
      return !SegmentScan.isBlank(Files.readAllBytes(segment));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> segments(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private Path copyOf(Path from, String name) throws IOException {
    Path to = dir.resolve(name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    return to;
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}
