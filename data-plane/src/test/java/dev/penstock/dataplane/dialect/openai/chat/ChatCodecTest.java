package dev.penstock.dataplane.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What recorded cases do not show: traits of providers, limits, and what is malformed. */
class ChatCodecTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHUNK =
      """
      {"id":"c","model":"m","created":1,"choices":[{"index":0,"delta":%s,"finish_reason":%s}]}\
      """;

  private final ChatCodec codec = new ChatCodec();

  @Test
  void aCompatibleServerGetsTheWordsThatAllHave() throws IOException {
    JsonNode body =
        encoded(
            """
            {"model":"a","max_completion_tokens":7,"stream":true,"messages":[
              {"role":"developer","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]},
              {"role":"assistant","content":"4","reasoning":"2+2"},
              {"role":"user","content":"Hi"}]}\
            """,
            Trait.COMPATIBLE,
            Trait.CONTINUOUS_USAGE);

    assertThat(body.path("max_tokens").asInt()).isEqualTo(7);
    assertThat(body.has("max_completion_tokens")).isFalse();
    assertThat(body.at("/messages/0/role").textValue()).isEqualTo("system");
    assertThat(body.at("/messages/0/content").textValue()).isEqualTo("x\n\ny");
    assertThat(body.at("/messages/1/reasoning_content").textValue()).isEqualTo("2+2");
    assertThat(body.at("/stream_options/include_usage").booleanValue()).isTrue();
    assertThat(body.at("/stream_options/continuous_usage_stats").booleanValue()).isTrue();
  }

  @Test
  void aDocumentIsRefusedByItsPlaceWhereItCannotGo() {
    String request =
        """
        {"model":"a","messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"%s"}}]}]}\
        """;

    assertRefused(
        "messages[0].content[0].file.file_data",
        request.formatted("data:application/pdf;base64,JVBERi0="),
        Trait.COMPATIBLE);
    assertRefused(
        "messages[0].content[0].file.file_data", request.formatted("https://example.com/a.pdf"));
  }

  private void assertRefused(String param, String request, Trait... traits) {
    assertThatThrownBy(() -> encoded(request, traits))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Code.UNSUPPORTED_FIELD);
              assertThat(refused.refusal().param()).contains(param);
            });
  }

  private JsonNode encoded(String request, Trait... traits) throws IOException {
    Target target = new Target(Dialect.OPENAI_CHAT, "up", OptionalLong.empty(), Set.of(traits));
    Buffer body = codec.toProvider().encode(decoded(request), target);
    return JSON.readTree(body.getBytes());
  }

  private ModelRequest decoded(String request) throws IOException {
    return codec.requests().decode(JSON.readTree(request));
  }

  @Test
  void usageIsNotShownToAClientThatDoesNotAskForIt() throws IOException {
    ModelRequest request =
        decoded(
            """
            {"model":"a","stream":true,"messages":[{"role":"user","content":"Hi"}]}\
            """);
    AnswerEncoder encoder = codec.toClient(request, "id", Instant.EPOCH);
    Buffer out = Buffer.buffer();
    encoder.event(new UsageReported(Tokens.of(1, 1)), out);

    assertThat(out.appendBuffer(encoder.terminal()).toString())
        .contains("\"finish_reason\":\"stop\"")
        .endsWith("data: [DONE]\n\n")
        .doesNotContain("usage");
  }

  @Test
  void moreCallsOrTextThanAnyModelGivesIsMalformed() throws MalformedAnswer {
    AnswerDecoder calls = codec.fromProvider();
    for (int i = 0; i < 128; i++) {
      chunk(calls, call(i, "\"name\":\"f\","), "null");
    }
    assertThatThrownBy(() -> chunk(calls, call(128, "\"name\":\"f\","), "null"))
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("128");

    AnswerDecoder text = codec.fromProvider();
    String long1M = "{\"content\":\"" + "x".repeat(1 << 20) + "\"}";
    for (int i = 0; i < 16; i++) {
      chunk(text, long1M, "null");
    }
    assertThatThrownBy(() -> chunk(text, long1M, "null"))
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("characters");
  }

  @Test
  void aCallThatComesWithoutANameOrGoesOnAfterTextIsMalformed() throws MalformedAnswer {
    assertThatThrownBy(() -> chunk(codec.fromProvider(), call(0, ""), "null"))
        .isInstanceOf(MalformedAnswer.class);

    AnswerDecoder decoder = codec.fromProvider();
    chunk(decoder, call(0, "\"name\":\"f\","), "null");
    chunk(decoder, "{\"content\":\"So\"}", "null");
    assertThatThrownBy(() -> chunk(decoder, call(0, ""), "null"))
        .isInstanceOf(MalformedAnswer.class);
  }

  private static String call(int index, String name) {
    return "{\"tool_calls\":[{\"index\":%d,\"function\":{%s\"arguments\":\"{}\"}}]}"
        .formatted(index, name);
  }

  private static List<ModelEvent> chunk(AnswerDecoder decoder, String delta, String finish)
      throws MalformedAnswer {
    List<ModelEvent> events = new ArrayList<>();
    byte[] bytes = CHUNK.formatted(delta, finish).getBytes(StandardCharsets.UTF_8);
    decoder.event("", bytes, 0, bytes.length, events::add);
    return events;
  }

  @Test
  void aWholeAnswerThatIsAnErrorFails() throws MalformedAnswer {
    List<ModelEvent> events = new ArrayList<>();
    codec
        .fromProvider()
        .whole(bytes("{\"error\":{\"message\":\"No.\",\"code\":503}}"), events::add);

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.error().status()).isEqualTo(503));
  }

  @Test
  void aWholeAnswerWithoutAChoiceIsMalformed() {
    assertThatThrownBy(() -> codec.fromProvider().whole(bytes("{\"id\":\"c\"}"), event -> {}))
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("choices");
  }

  @Test
  void anErrorThatIsNoJsonIsToldByItsStatus() {
    ProviderError error = codec.fromProvider().error(502, bytes("<html>Bad gateway</html>"));

    assertThat(error.message()).contains("502");
    assertThat(error.code()).isEmpty();
  }

  @Test
  void readsTheKindOfAnErrorInMidStream() throws MalformedAnswer {
    assertThat(failure("{\"error\":{\"message\":\"x\",\"type\":\"rate_limit_error\"}}"))
        .isEqualTo(429);
    assertThat(failure("{\"error\":{\"message\":\"x\",\"code\":\"server_is_overloaded\"}}"))
        .isEqualTo(503);
    assertThat(failure("{\"object\":\"error\",\"message\":\"x\",\"code\":400}")).isEqualTo(400);
    assertThat(failure("{\"error\":\"x\"}")).isEqualTo(500);
  }

  private int failure(String event) throws MalformedAnswer {
    List<ModelEvent> events = new ArrayList<>();
    byte[] bytes = bytes(event);
    codec.fromProvider().event("", bytes, 0, bytes.length, events::add);
    return ((Failed) events.getFirst()).error().status();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
