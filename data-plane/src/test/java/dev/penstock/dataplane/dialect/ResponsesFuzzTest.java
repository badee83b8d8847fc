package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesCodec;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever arrives, the codec of Responses neither breaks nor lies. */
class ResponsesFuzzTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ResponsesCodec CODEC = new ResponsesCodec();

  @Property(tries = 1_000)
  void takesAnyEventsInAnyOrder(@ForAll("streams") List<String> stream) throws IOException {
    List<ModelEvent> events = new ArrayList<>();
    AnswerDecoder decoder = CODEC.fromProvider();
    boolean malformed = false;
    for (String event : stream) {
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      try {
        decoder.event("", bytes, 0, bytes.length, events::add);
      } catch (MalformedAnswer refused) {
        malformed = true;
        break;
      }
    }
    if (!malformed) {
      decoder.end(events::add);
    }

    EventOrder.check(events);
    requireOneEnd(Replay.written(CODEC, events, "req_fuzz"), events.contains(new Ended()));
  }

  /** What a client is sent is JSON, numbered without a gap, and ends once. */
  private static void requireOneEnd(String sse, boolean complete) throws IOException {
    List<String> types = new ArrayList<>();
    for (String line : sse.split("\n")) {
      if (line.startsWith("data: ")) {
        JsonNode data = JSON.readTree(line.substring("data: ".length()));
        assertThat(data.path("sequence_number").asInt(-1)).isEqualTo(types.size());
        types.add(data.path("type").asText());
      }
    }
    List<String> ends =
        types.stream()
            .filter(type -> type.matches("error|response\\.(completed|incomplete|failed)"))
            .toList();
    if (complete) {
      assertThat(ends).hasSize(1).doesNotContain("error", "response.failed");
    } else {
      assertThat(ends).containsExactly("error", "response.failed");
    }
    assertThat(types).endsWith(ends.getLast());
  }

  @Property(tries = 500)
  void takesAnyBytesForAnEventOrAnAnswer(@ForAll byte[] bytes) {
    requireMalformedOrRead(bytes);
  }

  @Property(tries = 500)
  void takesAnyAnswer(@ForAll("answers") String answer) {
    requireMalformedOrRead(answer.getBytes(StandardCharsets.UTF_8));
  }

  private static void requireMalformedOrRead(byte[] bytes) {
    List<ModelEvent> whole = new ArrayList<>();
    List<ModelEvent> event = new ArrayList<>();
    try {
      CODEC.fromProvider().whole(bytes, whole::add);
    } catch (MalformedAnswer refused) {
      assertThat(whole).doesNotContain(new Ended());
    }
    try {
      CODEC.fromProvider().event("response.completed", bytes, 0, bytes.length, event::add);
    } catch (MalformedAnswer refused) {
      assertThat(event).doesNotContain(new Ended());
    }

    EventOrder.check(whole);
    EventOrder.check(event);
    assertThat(CODEC.fromProvider().error(500, bytes).status()).isBetween(400, 599);
  }

  @Property(tries = 1_000)
  void readsARequestOrNamesItsField(@ForAll("requests") JsonNode body) {
    Optional<ModelRequest> request = Optional.empty();
    try {
      request = Optional.of(CODEC.requests().decode(body));
    } catch (RefusedException refused) {
      assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
      assertThat(refused.refusal().param()).isPresent();
    }
    request.ifPresent(read -> {
      Buffer encoded = CODEC.toProvider().encode(read, Replay.target(Dialect.OPENAI_RESPONSES));
      assertThat(encoded.length()).isPositive();
    });
  }

  /** Recorded events in any order, and between them some that nobody sends. */
  @Provide
  Arbitrary<List<String>> streams() {
    return Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.of(recordedEvents())), Tuple.of(2, inventedEvents()))
        .list()
        .ofMaxSize(16);
  }

  private static List<String> recordedEvents() {
    return GoldenCase.all(Dialect.OPENAI_RESPONSES).stream()
        .flatMap(golden -> golden.input("stream.sse").stream())
        .flatMap(sse -> new String(sse, StandardCharsets.UTF_8).lines())
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private Arbitrary<String> inventedEvents() {
    return objects(
            "response.created",
            "response.output_item.added",
            "response.output_item.done",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.refusal.delta",
            "response.refusal.done",
            "response.reasoning_summary_text.delta",
            "response.reasoning_text.delta",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.completed",
            "response.incomplete",
            "response.failed",
            "error",
            "response.other",
            "")
        .map(Object::toString);
  }

  @Provide
  Arbitrary<String> answers() {
    return objects("response", "message", "function_call", "reasoning").map(Object::toString);
  }

  @Provide
  Arbitrary<JsonNode> requests() {
    return Combinators.combine(
            objects("message", "function_call", "function_call_output", "reasoning"), values(2))
        .as((item, input) -> {
          var body = JsonNodeFactory.instance.objectNode();
          body.put("model", "m");
          body.set("input", input.isTextual() ? input : body.arrayNode().add(item));
          item.properties()
              .forEach(each -> {
                if (!each.getKey().equals("input") && each.getKey().length() % 2 == 0) {
                  body.set(each.getKey(), each.getValue());
                }
              });
          return body;
        });
  }

  private Arbitrary<JsonNode> objects(String... types) {
    return Combinators.combine(Arbitraries.of(types), members(3))
        .as((type, members) -> {
          var object = JsonNodeFactory.instance.objectNode();
          object.put("type", type);
          object.setAll(members);
          return object;
        });
  }

  /** Members that some object of the dialect has, with values that it may not have. */
  private Arbitrary<Map<String, JsonNode>> members(int depth) {
    Arbitrary<String> names =
        Arbitraries.of(
            "output_index",
            "content_index",
            "summary_index",
            "delta",
            "text",
            "refusal",
            "arguments",
            "item",
            "response",
            "part",
            "error",
            "message",
            "code",
            "status",
            "id",
            "call_id",
            "name",
            "role",
            "output",
            "content",
            "summary",
            "usage",
            "input_tokens",
            "output_tokens",
            "encrypted_content",
            "incomplete_details",
            "reason",
            "model",
            "created_at",
            "tools",
            "tool_choice",
            "reasoning",
            "effort",
            "format",
            "metadata",
            "image_url",
            "temperature");
    return Arbitraries.maps(names, values(depth)).ofMaxSize(8);
  }

  private Arbitrary<JsonNode> values(int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.of(
                    "completed", "in_progress", "function", "assistant", "{}", "", "\uD83D", "x")
                .map(nodes::textNode),
            Arbitraries.of(0, 1, 2, -1, Integer.MAX_VALUE).map(nodes::numberNode),
            Arbitraries.of(1e300, 0.5).map(nodes::numberNode),
            Arbitraries.of(nodes.nullNode(), nodes.booleanNode(true)));
    if (depth == 0) {
      return leaf;
    }
    return Arbitraries.frequencyOf(
        Tuple.of(4, leaf),
        Tuple.of(
            2,
            Arbitraries.lazy(() ->
                Combinators.combine(
                        Arbitraries.of(
                            "message", "function_call", "reasoning", "output_text", "refusal"),
                        members(depth - 1))
                    .as((type, members) -> {
                      var object = nodes.objectNode();
                      object.put("type", type);
                      object.setAll(members);
                      return object;
                    }))),
        Tuple.of(
            1,
            Arbitraries.lazy(() -> values(depth - 1))
                .list()
                .ofMaxSize(3)
                .map(list -> nodes.arrayNode().addAll(list))));
  }
}
