package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a provider sends: one end at most, and no fault but the one that is declared. */
class AnswerFuzzTest {

  private static final String[] EVENTS = {
    "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"x\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}",
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
    "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":[1,{}]}}}",
    "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}",
    "{\"type\":\"content_block_start\",\"index\":3,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"E\"}}",
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}}",
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi \\ud83d\\ude42\"}}",
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"half \\ud83d\"}}",
    "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"b\\\"\"}}",
    "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}",
    "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"E\"}}",
    "{\"type\":\"content_block_stop\",\"index\":0}",
    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}",
    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"explanation\":\"no\"}},\"usage\":{\"output_tokens\":-3}}",
    "{\"type\":\"message_delta\",\"delta\":[],\"usage\":7}",
    "{\"type\":\"message_stop\"}",
    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}",
    "{\"type\":\"error\",\"error\":null}",
    "{\"type\":\"ping\"}",
    "{\"type\":{\"type\":\"message_stop\"}}",
    "{\"type\":\"message_stop\"",
    "[DONE]",
    "{}",
    "null"
  };

  @Provide
  Arbitrary<List<String>> streams() {
    Arbitrary<String> known = Arbitraries.of(EVENTS);
    Arbitrary<String> cut =
        known.flatMap(event ->
            Arbitraries.integers()
                .between(0, event.length())
                .map(length -> event.substring(0, length)));
    Arbitrary<String> noise = Arbitraries.strings().ofMaxLength(40);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(20, known),
            net.jqwik.api.Tuple.of(1, cut),
            net.jqwik.api.Tuple.of(1, noise))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 2000)
  void aStreamEndsOnceAtMostAndOnlyAfterItHasFinished(@ForAll("streams") List<String> stream) {
    AnswerDecoder decoder = new AnswerReader();
    List<ModelEvent> events = new ArrayList<>();
    for (String event : stream) {
      byte[] bytes = ("xx" + event).getBytes(StandardCharsets.UTF_8);
      try {
        decoder.event("", bytes, 2, bytes.length, events::add);
      } catch (MalformedAnswer malformed) {
        assertThat(malformed).hasNoCause();
      }
    }
    decoder.end(events::add);

    assertOneEnd(events);
    assertWritable(events);
  }

  @Property(tries = 1000)
  void noBodyBreaksTheReaderOfWholeAnswers(@ForAll("streams") List<String> parts) {
    byte[] body =
        ("{\"id\":\"m\",\"content\":["
                + String.join(",", parts)
                + "],\"stop_reason\":\"tool_use\"}")
            .getBytes(StandardCharsets.UTF_8);
    List<ModelEvent> events = new ArrayList<>();
    try {
      new AnswerReader().whole(body, events::add);
    } catch (MalformedAnswer malformed) {
      assertThat(events).doesNotContain(new Ended());
    }

    assertOneEnd(events);
  }

  @Property(tries = 1000)
  void noBodyBreaksTheReaderOfErrors(@ForAll byte[] body, @ForAll("streams") List<String> parts) {
    assertThat(new AnswerReader().error(500, body).message()).isNotBlank();
    byte[] text = String.join("", parts).getBytes(StandardCharsets.UTF_8);

    assertThat(new AnswerReader().error(500, text).message()).isNotBlank();
  }

  private static void assertOneEnd(List<ModelEvent> events) {
    List<ModelEvent> ends =
        events.stream().filter(it -> it instanceof Ended || it instanceof Failed).toList();

    assertThat(ends).hasSizeLessThanOrEqualTo(1);
    if (!ends.isEmpty()) {
      assertThat(events.getLast()).isSameAs(ends.getFirst());
    }
    if (events.contains(new Ended())) {
      assertThat(events.get(events.size() - 2)).isInstanceOf(Finished.class);
    }
  }

  /** What a decoder gives, both encoders take. */
  private static void assertWritable(List<ModelEvent> events) {
    AnswerEncoder stream = new StreamWriter("a", "m");
    AnswerEncoder whole = new WholeWriter("a", "m");
    Buffer out = Buffer.buffer();
    for (ModelEvent event : events) {
      stream.event(event, out);
      whole.event(event, out);
    }
    if (events.contains(new Ended())) {
      assertThat(stream.terminal().toString()).endsWith("{\"type\":\"message_stop\"}\n\n");
      try {
        assertThat(whole.whole().toJsonObject().getString("type")).isEqualTo("message");
      } catch (RefusedException unusable) {
        assertThat(unusable.refusal().message()).contains("no JSON object");
      }
    }
  }
}
