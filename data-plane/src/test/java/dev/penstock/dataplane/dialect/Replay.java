package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.Unfinished;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** Plays recorded answers through decoders and encoders as the relay does. */
final class Replay {

  private static final int MAX_EVENT_BYTES = 1 << 20;
  private static final String ANSWER_ID = "answer_golden";
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  private Replay() {}

  static Target target(Dialect dialect) {
    return new Target(dialect, "upstream-model", OptionalLong.of(64_000), Set.of());
  }

  static AnswerEncoder encoder(Codec to, boolean stream) {
    return to.toClient(request(stream, Map.of()), ANSWER_ID, NOW);
  }

  /**
   * A request of which nothing matters but whether it asks for a stream with usage, and its uses.
   */
  static ModelRequest request(boolean stream, Map<Feature, String> used) {
    return new ModelRequest(
        "assistant",
        List.of(),
        List.of(),
        new ToolChoice.Unstated(),
        Optional.empty(),
        new OutputFormat.Text(),
        OptionalLong.empty(),
        new Sampling(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty()),
        List.of(),
        new Reasoning.Unstated(),
        stream,
        stream,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        used);
  }

  /** What a decoder makes of a stream that arrives in one read. */
  static List<ModelEvent> whole(Codec from, byte[] sse) {
    return read(from, List.of(sse));
  }

  static List<ModelEvent> byteByByte(Codec from, byte[] sse) {
    List<byte[]> reads = new ArrayList<>();
    for (byte one : sse) {
      reads.add(new byte[] {one});
    }
    return read(from, reads);
  }

  private static List<ModelEvent> read(Codec from, List<byte[]> reads) {
    List<ModelEvent> events = new ArrayList<>();
    try {
      read(from.fromProvider(), reads, events);
    } catch (MalformedAnswer malformed) {
      throw new AssertionError(malformed);
    }
    EventOrder.check(events);
    return events;
  }

  /** What a decoder makes of a stream up to where it is malformed, if it is. */
  static List<ModelEvent> lenient(Codec from, byte[] sse) {
    List<ModelEvent> events = new ArrayList<>();
    AnswerDecoder decoder = from.fromProvider();
    try {
      read(decoder, List.of(sse), events);
    } catch (MalformedAnswer malformed) {
      decoder.end(events::add);
      assertThat(events).as("the end of a malformed stream").doesNotContain(new Ended());
    }
    EventOrder.check(events);
    return events;
  }

  private static void read(AnswerDecoder decoder, List<byte[]> reads, List<ModelEvent> events)
      throws MalformedAnswer {
    EventScanner scanner = new EventScanner(MAX_EVENT_BYTES);
    Unfinished rest = new Unfinished();
    for (byte[] read : reads) {
      decode(decoder, scanner.scan(rest, Unpooled.wrappedBuffer(read)), events);
    }
    decode(decoder, scanner.end(rest), events);
    decoder.end(events::add);
  }

  private static void decode(AnswerDecoder decoder, EventBatch batch, List<ModelEvent> events)
      throws MalformedAnswer {
    for (int i = 0; i < batch.count(); i++) {
      if (batch.dataEnd(i) > batch.dataStart(i)) {
        decoder.event(
            name(batch.event(i)), batch.bytes(), batch.dataStart(i), batch.dataEnd(i), events::add);
      }
    }
  }

  private static String name(Buffer event) {
    return event
        .toString()
        .lines()
        .filter(line -> line.startsWith("event:"))
        .map(line -> line.substring("event:".length()).strip())
        .findFirst()
        .orElse("");
  }

  /** The events of a stream, each with its framing. */
  static List<String> split(byte[] sse) {
    EventBatch batch =
        new EventScanner(MAX_EVENT_BYTES).scan(new Unfinished(), Unpooled.wrappedBuffer(sse));
    List<String> events = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      events.add(batch.event(i).toString());
    }
    return events;
  }

  /** What a client sees of a stream; its end is clean only where the decoder says so. */
  static String written(Codec to, List<ModelEvent> events, String requestId) {
    AnswerEncoder encoder = encoder(to, true);
    Buffer out = Buffer.buffer();
    for (ModelEvent event : events) {
      switch (event) {
        case Ended _ -> {
          return out.appendBuffer(encoder.terminal()).toString(StandardCharsets.UTF_8);
        }
        case Failed failed -> {
          Refusal refusal = Refusal.of(Code.UPSTREAM_ERROR, failed.error().message());
          return out.appendBuffer(encoder.failure(refusal, requestId)).toString();
        }
        default -> encoder.event(event, out);
      }
    }
    Refusal cut = Refusal.of(Code.UPSTREAM_CUT, "The provider's answer ended too early.");
    return out.appendBuffer(encoder.failure(cut, requestId)).toString();
  }
}
