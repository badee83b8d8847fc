package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Anthropic's own SDK takes the simulator for Anthropic. */
class AnthropicSdkTest {
  @RegisterExtension private static final RunningSim SIM = new RunningSim();
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    client =
        AnthropicOkHttpClient.builder()
            .baseUrl(SIM.sim().rootUrl())
            .apiKey(RawClient.KEY)
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sim-text           | end_turn   | It is mild in Paris.
          sim-json           | end_turn   | {"city":"Paris","degrees":14}
          sim-length         | max_tokens | It is mild in
          sim-refusal        | refusal    | I cannot help with that.
          sim-reasoning      | end_turn   | (Paris is in France. It must be mild there.)It is mild in Paris.
          sim-tool           | tool_use   | get_weather{city=Paris}
          sim-tools          | tool_use   | get_weather{city=Paris}get_weather{city=Rome}
          sim-tool-bare      | tool_use   | get_time{}
          sim-text-tool      | tool_use   | I shall look.get_weather{city=Paris}
          sim-reasoning-tool | tool_use   | (Paris is in France. It must be mild there.)get_weather{city=Paris}
          """)
  void accumulatesMessages(String model, String reason, String said) {
    for (Message message : List.of(stream(model), client.messages().create(params(model)))) {
      assertThat(
              message.content().stream().map(AnthropicSdkTest::said).collect(Collectors.joining()))
          .isEqualTo(said);
      assertThat(message.stopReason().orElseThrow().asString()).isEqualTo(reason);
      assertThat(message.usage().inputTokens()).isEqualTo(2);
      assertThat(message.usage().outputTokens()).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim-error-mid-stream",
        "sim-reset-after-3",
        "sim-close-after-3",
        "sim-no-done",
        "sim-status-529"
      })
  void raisesWhatBroke(String model) {
    assertThatThrownBy(() -> stream(model))
        .isInstanceOfAny(AnthropicException.class, IllegalStateException.class);
  }

  @Test
  void raisesALimitAsOne() {
    assertThatThrownBy(() -> client.messages().create(params("sim-status-429")))
        .isInstanceOf(RateLimitException.class);
  }

  @Test
  void countsTokens() {
    assertThat(
            client
                .messages()
                .countTokens(
                    MessageCountTokensParams.builder()
                        .model("sim-text")
                        .addUserMessage("Hello there")
                        .build())
                .inputTokens())
        .isEqualTo(3);
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data()).anyMatch(model -> model.id().equals("sim-tools"));
  }

  private static Message stream(String model) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events =
        client.messages().createStreaming(params(model))) {
      events.stream().forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  private static MessageCreateParams params(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(1_000)
        .addUserMessage("Hello")
        .build();
  }

  private static String said(ContentBlock block) {
    if (block.isThinking()) {
      return "(" + block.asThinking().thinking() + ")";
    }
    if (block.isToolUse()) {
      return block.asToolUse().name() + block.asToolUse()._input();
    }
    return block.asText().text();
  }
}
