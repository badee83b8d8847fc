package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.EventWriter;
import dev.penstock.dataplane.relay.sse.Unfinished;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.Side;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Answers of one dialect, as they leave a guard. */
final class Guarded {

  private static final int MAX_EVENT_BYTES = 1 << 20;

  final ExchangeTrace trace = new ExchangeTrace();
  final AnswerGuard guard;
  private final Codec codec;
  private final EventScanner scanner = new EventScanner(MAX_EVENT_BYTES);
  private final Unfinished rest = new Unfinished();
  private final StringBuilder left = new StringBuilder();

  Guarded(Dialect dialect, boolean observed, Detector... detectors) {
    this(dialect, observed, new Guard("acme", "answers", Set.of(Side.OUTPUT), List.of(detectors)));
  }

  Guarded(Dialect dialect, boolean observed, Guard stated) {
    codec = Codecs.of(dialect);
    guard =
        new AnswerGuard(
            new OutputGuards(
                List.of(new BoundGuard(new GuardRef("acme", "answers", observed), stated))),
            codec.answerTexts(),
            new EventWriter(),
            trace,
            new ExchangeMetrics(new SimpleMeterRegistry()));
  }

  /** What has left so far. */
  String left() {
    return left.toString();
  }

  Guarded read(String sse) throws MalformedAnswer {
    add(guard.pass(scanner.scan(rest, bytes(sse)), false));
    return this;
  }

  /** The provider is silent, or has ended. */
  Guarded settle() {
    add(guard.settle());
    return this;
  }

  private void add(EventBatch batch) {
    ByteBuf out = Unpooled.buffer();
    batch.writeKept(out);
    left.append(out.toString(StandardCharsets.UTF_8));
    for (int i = 0; i < batch.count(); i++) {
      boolean framed = batch.event(i).toString().contains(data(batch, i));
      if (!framed) {
        throw new AssertionError("data apart from its event");
      }
    }
  }

  private static String data(EventBatch batch, int index) {
    return new String(
        Arrays.copyOfRange(batch.bytes(), batch.dataStart(index), batch.dataEnd(index)),
        StandardCharsets.UTF_8);
  }

  /**
   * A stream whose reads each bring so many events, the last one of which is its terminal event.
   */
  String stream(List<String> events, List<Integer> perRead) throws MalformedAnswer {
    int at = 0;
    for (int i = 0; at < events.size() - 1; i++) {
      int end = Math.min(events.size() - 1, at + perRead.get(i % perRead.size()));
      read(String.join("", events.subList(at, end)));
      at = end;
    }
    settle();
    return left() + guard.last(Buffer.buffer(events.getLast()));
  }

  static List<String> events(String sse) {
    EventBatch batch = new EventScanner(MAX_EVENT_BYTES).scan(new Unfinished(), bytes(sse));
    List<String> events = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      events.add(batch.event(i).toString());
    }
    return events;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
  }
}
