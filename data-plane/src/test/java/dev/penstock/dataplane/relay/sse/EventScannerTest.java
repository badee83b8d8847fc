package dev.penstock.dataplane.relay.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventScannerTest {

  private static final int LIMIT = 1024;

  @Property
  void findsTheSameEventsHoweverTheNetworkCutsThem(
      @ForAll("streams") String stream, @ForAll List<Integer> cuts) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);

    List<String> whole = scan(List.of(Buffer.buffer(bytes)));
    List<String> cut = scan(cutAt(bytes, cuts));

    assertThat(cut).isEqualTo(whole);
  }

  @Property
  void keepsEveryByte(@ForAll("streams") String stream, @ForAll List<Integer> cuts) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    EventScanner scanner = new EventScanner(LIMIT);
    Unfinished rest = new Unfinished();
    Buffer forwarded = Buffer.buffer();

    for (Buffer read : cutAt(bytes, cuts)) {
      forwarded.appendString(kept(scanner.scan(rest, bytes(read))));
    }

    assertThat(stream).startsWith(forwarded.toString());
    scanner.end(rest);
  }

  @Test
  void takesEveryByteAsABoundary() {
    byte[] bytes =
        "data: {\"a\":\"é€\"}\r\n\r\n: ping\n\nevent: x\rdata:y\r\rdata: [DONE]\n\n"
            .getBytes(StandardCharsets.UTF_8);

    for (int at = 0; at <= bytes.length; at++) {
      assertThat(scan(cutAt(bytes, List.of(at))))
          .as("cut at %d", at)
          .containsExactly("{\"a\":\"é€\"}", "", "y", "[DONE]");
    }
  }

  /** WHATWG HTML: one byte order mark at the beginning is no part of a stream. */
  @Test
  void passesOverAByteOrderMark() {
    byte[] bytes = "\uFEFFdata: x\n\n".getBytes(StandardCharsets.UTF_8);

    for (int at = 0; at <= bytes.length; at++) {
      assertThat(scan(cutAt(bytes, List.of(at))))
          .as("cut at %d", at)
          .isEqualTo(scan(cutAt("data: x\n\n".getBytes(StandardCharsets.UTF_8), List.of(0))));
    }
  }

  @Test
  void keepsStreamsApart() {
    EventScanner scanner = new EventScanner(LIMIT);
    Unfinished one = new Unfinished();
    Unfinished other = new Unfinished();

    scanner.scan(one, bytes(Buffer.buffer("data: on")));
    scanner.scan(other, bytes(Buffer.buffer("data: other\n\n: rest of it is longer")));

    assertThat(data(scanner.scan(one, bytes(Buffer.buffer("e\n\n"))))).containsExactly("one");
  }

  @Test
  void leavesOutWhatIsDropped() {
    EventBatch batch =
        new EventScanner(LIMIT)
            .scan(
                new Unfinished(),
                bytes(Buffer.buffer("data: a\n\ndata: b\n\ndata: c\n\ndata: d\n\n")));

    batch.drop(1);
    batch.drop(3);

    assertThat(kept(batch)).isEqualTo("data: a\n\ndata: c\n\n");
    assertThat(batch.keptBytes()).isEqualTo(18);
    assertThat(batch.kept()).isEqualTo(2);
  }

  @Test
  void refusesAnEventWithoutEnd() {
    EventScanner scanner = new EventScanner(LIMIT);
    Unfinished rest = new Unfinished();

    assertThatThrownBy(() -> scanner.scan(rest, bytes(Buffer.buffer("data: " + "x".repeat(LIMIT)))))
        .isInstanceOf(EventScanner.EventTooLarge.class);
  }

  @Test
  void closesTheLastEventAtACleanEnd() {
    EventScanner scanner = new EventScanner(LIMIT);
    Unfinished rest = new Unfinished();
    scanner.scan(rest, bytes(Buffer.buffer("data: [DONE]")));

    assertThat(data(scanner.end(rest))).containsExactly("[DONE]");
  }

  @Provide
  Arbitrary<String> streams() {
    Arbitrary<String> line =
        Arbitraries.of("data: {}", "data:x", "data", ": c", "event: e", "id: 1", "data: é€😀", "");
    Arbitrary<String> end = Arbitraries.of("\n", "\r\n", "\r");
    return Combinators.combine(line.list().ofMaxSize(12), end)
        .as((lines, eol) -> String.join(eol, lines) + eol + eol);
  }

  private static List<String> scan(List<Buffer> reads) {
    EventScanner scanner = new EventScanner(LIMIT);
    Unfinished rest = new Unfinished();
    List<String> found = new ArrayList<>();
    reads.forEach(read -> found.addAll(data(scanner.scan(rest, bytes(read)))));
    return found;
  }

  private static ByteBuf bytes(Buffer read) {
    return ((BufferInternal) read).getByteBuf();
  }

  private static String kept(EventBatch batch) {
    ByteBuf target = Unpooled.buffer();
    batch.writeKept(target);
    return target.toString(StandardCharsets.UTF_8);
  }

  private static List<String> data(EventBatch batch) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      found.add(
          new String(
              batch.bytes(),
              batch.dataStart(i),
              batch.dataEnd(i) - batch.dataStart(i),
              StandardCharsets.UTF_8));
    }
    return found;
  }

  private static List<Buffer> cutAt(byte[] bytes, List<Integer> cuts) {
    List<Integer> sorted =
        cuts.stream().map(cut -> Math.floorMod(cut, bytes.length + 1)).sorted().toList();
    List<Buffer> reads = new ArrayList<>();
    int from = 0;
    for (int to : sorted) {
      reads.add(Buffer.buffer().appendBytes(bytes, from, to - from));
      from = to;
    }
    reads.add(Buffer.buffer().appendBytes(bytes, from, bytes.length - from));
    return reads;
  }
}
