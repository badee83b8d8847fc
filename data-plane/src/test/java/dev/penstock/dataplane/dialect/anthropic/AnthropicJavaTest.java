package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.MessageParam;
import com.anthropic.models.messages.MessageTokensCount;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.KeepAlive;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written for a client, as Anthropic's own SDK reads it over a socket. */
class AnthropicJavaTest {

  private final MessagesErrors errors = new MessagesErrors();
  private HttpServer server;
  private AnthropicClient client;
  private int status = 200;
  private String contentType = "text/event-stream";
  private Buffer answer = Buffer.buffer();
  private volatile Buffer asked = Buffer.buffer();
  private volatile String version = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        call -> {
          asked = Buffer.buffer(call.getRequestBody().readAllBytes());
          version = call.getRequestHeaders().getFirst("anthropic-version");
          call.getResponseHeaders().set("content-type", contentType);
          call.sendResponseHeaders(status, answer.length());
          try (var body = call.getResponseBody()) {
            body.write(answer.getBytes());
          }
        });
    server.start();
    client =
        AnthropicOkHttpClient.builder()
            .apiKey("key")
            .baseUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .maxRetries(0)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void accumulatesWhatEveryDialectCanSay() {
    answer =
        streamed(
            new Started("chatcmpl-1", "gpt", 1),
            new UsageReported(new Tokens(50, 20, 10, 0, 0)),
            new KeepAlive(),
            new BlockStarted(0, new Block.Reasoning()),
            new ReasoningDelta(0, "hm"),
            new Signature(0, "gAAA", Dialect.OPENAI_RESPONSES),
            new BlockEnded(0),
            new BlockStarted(1, new Block.Text()),
            new TextDelta(1, "Hi \"you\" 🙂"),
            new BlockEnded(1),
            new BlockStarted(2, new Block.ToolCall("call_1", "weather")),
            new BlockStarted(3, new Block.ToolCall("call_2", "now")),
            new ArgumentsDelta(2, "{\"city\":"),
            new BlockStarted(4, new Block.ToolCall("call_3", "weather")),
            new ArgumentsDelta(4, "{\"city\":\"Rome\"}"),
            new ArgumentsDelta(2, "\"Oslo\"}"),
            new BlockEnded(3),
            new BlockEnded(2),
            new BlockEnded(4),
            new UsageReported(new Tokens(50, 20, 10, 9, 4)),
            new Finished(FinishReason.TOOL_CALLS, Optional.empty()));

    Message message = accumulated().validate();

    assertThat(message.id()).isEqualTo("chatcmpl-1");
    assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
    assertThat(message.content()).hasSize(5);
    assertThat(message.content().get(0).asThinking().thinking()).isEqualTo("hm");
    assertThat(message.content().get(0).asThinking().signature())
        .isEqualTo("penstock:openai-responses:signature:gAAA");
    assertThat(message.content().get(1).asText().text()).isEqualTo("Hi \"you\" 🙂");
    assertCall(message.content().get(2), "call_1", Map.of("city", "Oslo"));
    assertCall(message.content().get(3), "call_2", Map.of());
    assertCall(message.content().get(4), "call_3", Map.of("city", "Rome"));
    assertThat(message.usage().inputTokens()).isEqualTo(20);
    assertThat(message.usage().cacheReadInputTokens()).contains(20L);
    assertThat(message.usage().cacheCreationInputTokens()).contains(10L);
    assertThat(message.usage().outputTokens()).isEqualTo(9);
  }

  @Test
  void sendsBackWhatItGotAsItsHistory() throws IOException {
    answer =
        streamed(
            new Started("msg_1", "m", 0),
            new BlockStarted(0, new Block.Reasoning()),
            new ReasoningDelta(0, "hm"),
            new Signature(0, "Eq==", Dialect.ANTHROPIC_MESSAGES),
            new BlockEnded(0),
            new BlockStarted(1, new Block.EncryptedReasoning("gA", Dialect.OPENAI_RESPONSES)),
            new BlockEnded(1),
            new BlockStarted(2, new Block.Text()),
            new TextDelta(2, "I look."),
            new BlockEnded(2),
            new BlockStarted(3, new Block.ToolCall("call_1", "now")),
            new BlockEnded(3),
            new Finished(FinishReason.TOOL_CALLS, Optional.empty()));
    MessageParam turn = accumulated().toParam();

    read(
        new ArrayList<>(),
        question().toBuilder()
            .addMessage(turn)
            .addUserMessageOfContentBlockParams(
                List.of(
                    ContentBlockParam.ofToolResult(
                        ToolResultBlockParam.builder()
                            .toolUseId("call_1")
                            .content("noon")
                            .build())))
            .build());

    ModelRequest request =
        new MessagesCodec(ApiVersion.read(Optional.ofNullable(version)))
            .requests()
            .decode(new ObjectMapper().readTree(asked.getBytes()));
    assertThat(version).isEqualTo("2026-10-21");
    assertThat(request.used()).containsOnlyKeys(Feature.REASONING_HISTORY);
    assertThat(request.turns())
        .element(1)
        .isEqualTo(
            new Turn.Assistant(
                List.of(
                    new Part.Thought("hm", "Eq==", Dialect.ANTHROPIC_MESSAGES),
                    new Part.EncryptedThought("gA", "", Dialect.OPENAI_RESPONSES),
                    new Part.Text("I look.", Optional.empty()),
                    new Part.ToolCall("call_1", "now", "{}", "messages[1].content[3].input"))));
  }

  private static void assertCall(ContentBlock block, String id, Map<String, String> input) {
    assertThat(block.asToolUse().id()).isEqualTo(id);
    assertThat(block.asToolUse()._input().convert(Map.class)).isEqualTo(input);
  }

  @Test
  void readsAnAnswerWithNothingInIt() {
    answer = streamed(new Started("", "", 0), new Finished(FinishReason.LENGTH, Optional.empty()));

    Message message = accumulated().validate();

    assertThat(message.id()).isEqualTo("msg_ours");
    assertThat(message.model().asString()).isEqualTo("assistant");
    assertThat(message.content()).isEmpty();
    assertThat(message.stopReason()).contains(StopReason.MAX_TOKENS);
  }

  @Test
  void readsARefusalWithItsExplanation() {
    answer =
        streamed(
            new Started("msg_1", "m", 0),
            new BlockStarted(0, new Block.Refusal()),
            new TextDelta(0, "I will "),
            new TextDelta(0, "not."),
            new BlockEnded(0),
            new Finished(FinishReason.CONTENT_FILTER, Optional.empty()));

    Message message = accumulated().validate();

    assertThat(message.stopReason()).contains(StopReason.REFUSAL);
    assertThat(message.content().getFirst().asText().text()).isEqualTo("I will not.");
    assertThat(message.stopDetails().flatMap(details -> details.explanation()))
        .contains("I will not.");
  }

  @Test
  void raisesAnErrorInPlaceOfTheEnd() {
    AnswerEncoder encoder = encoder(true);
    write(
        encoder,
        new Started("msg_1", "m", 0),
        new BlockStarted(0, new Block.Text()),
        new TextDelta(0, "Hel"));
    answer.appendBuffer(
        encoder.failure(Refusal.of(Code.UPSTREAM_CUT, "The answer was cut."), "req_1"));
    List<RawMessageStreamEvent> seen = new ArrayList<>();

    assertThatThrownBy(() -> read(seen, question()))
        .isInstanceOf(SseException.class)
        .hasMessageContaining("The answer was cut. (upstream_cut)");
    assertThat(seen).hasSize(3);
  }

  @Test
  void readsAWholeAnswer() {
    contentType = "application/json";
    AnswerEncoder encoder = encoder(false);
    write(
        encoder,
        new Started("msg_1", "m", 0),
        new BlockStarted(0, new Block.EncryptedReasoning("Em", Dialect.ANTHROPIC_MESSAGES)),
        new BlockEnded(0),
        new BlockStarted(1, new Block.ToolCall("t1", "now")),
        new BlockEnded(1),
        new UsageReported(Tokens.of(5, 2)),
        new Finished(FinishReason.TOOL_CALLS, Optional.empty()));
    answer = encoder.whole();

    Message message = client.messages().create(question()).validate();

    assertThat(message.content().get(0).asRedactedThinking().data()).isEqualTo("Em");
    assertCall(message.content().get(1), "t1", Map.of());
    assertThat(message.usage().outputTokens()).isEqualTo(2);
  }

  @Test
  void raisesARefusalByItsStatusAndReadsItsType() {
    contentType = "application/json";
    status = errors.status(Code.RATE_LIMIT_EXCEEDED);
    answer = errors.body(Refusal.of(Code.RATE_LIMIT_EXCEEDED, "Slow down."), "req_1");

    assertThatThrownBy(() -> client.messages().create(question()))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            raised -> assertThat(raised.body().toString()).contains("rate_limit_error"));

    status = errors.status(Code.BUDGET_EXHAUSTED);
    answer = errors.body(Refusal.of(Code.BUDGET_EXHAUSTED, "Spent."), "req_1");

    assertThatThrownBy(() -> client.messages().create(question()))
        .isInstanceOfSatisfying(
            AnthropicServiceException.class,
            raised -> assertThat(raised.statusCode()).isEqualTo(402));
  }

  @Test
  void readsACountOfTokens() {
    contentType = "application/json";
    answer = MessagesCodec.counted(42);

    MessageTokensCount count =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder().model("assistant").addUserMessage("hi").build());

    assertThat(count.validate().inputTokens()).isEqualTo(42);
  }

  private Message accumulated() {
    MessageAccumulator accumulator = MessageAccumulator.create();
    List<RawMessageStreamEvent> seen = new ArrayList<>();
    read(seen, question());
    seen.forEach(event -> accumulator.accumulate(event.validate()));
    return accumulator.message();
  }

  private void read(List<RawMessageStreamEvent> seen, MessageCreateParams params) {
    try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params)) {
      stream.stream().forEach(seen::add);
    }
  }

  private static MessageCreateParams question() {
    return MessageCreateParams.builder()
        .model("assistant")
        .maxTokens(10)
        .addUserMessage("hi")
        .build();
  }

  private static AnswerEncoder encoder(boolean stream) {
    return stream
        ? new StreamWriter("msg_ours", "assistant")
        : new WholeWriter("msg_ours", "assistant");
  }

  private Buffer streamed(ModelEvent... events) {
    AnswerEncoder encoder = encoder(true);
    write(encoder, events);
    return answer.appendBuffer(encoder.terminal());
  }

  private void write(AnswerEncoder encoder, ModelEvent... events) {
    for (ModelEvent event : events) {
      encoder.event(event, answer);
    }
  }
}
