package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own SDK takes the simulator for OpenAI, and for Azure. */
class OpenAiSdkTest {
  @RegisterExtension private static final RunningSim SIM = new RunningSim();
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(SIM.sim().baseUrl())
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
          sim-text      | stop           | It is mild in Paris.
          sim-json      | stop           | {"city":"Paris","degrees":14}
          sim-reasoning | stop           | It is mild in Paris.
          sim-length    | length         | It is mild in
          sim-filter    | content_filter | It is
          """)
  void accumulatesChat(String model, String reason, String text) {
    ChatCompletion streamed = chat(client, model);
    ChatCompletion whole = client.chat().completions().create(params(model));

    for (ChatCompletion answer : List.of(streamed, whole)) {
      assertThat(answer.choices().getFirst().message().content()).contains(text);
      assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo(reason);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sim-tool      | get_weather{"city":"Paris"}
          sim-tools     | get_weather{"city":"Paris"}get_weather{"city":"Rome"}
          sim-tool-bare | get_time{}
          """)
  void accumulatesCalls(String model, String calls) {
    assertThat(calls(chat(client, model).choices().getFirst().message())).isEqualTo(calls);
    assertThat(
            calls(client.chat().completions().create(params(model)).choices().getFirst().message()))
        .isEqualTo(calls);
  }

  @Test
  void seesARefusalAsOne() {
    assertThat(chat(client, "sim-refusal").choices().getFirst().message().refusal())
        .contains("I cannot help with that.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sim-error-mid-stream", "sim-reset-after-3", "sim-status-500"})
  void raisesWhatBroke(String model) {
    assertThatThrownBy(() -> chat(client, model)).isInstanceOf(OpenAIException.class);
  }

  @Test
  void raisesALimitAsOne() {
    assertThatThrownBy(() -> chat(client, "sim-status-429")).isInstanceOf(RateLimitException.class);
  }

  @Test
  void takesItForAzureToo() {
    OpenAIClient azure =
        OpenAIOkHttpClient.builder()
            .baseUrl(SIM.sim().rootUrl())
            .credential(AzureApiKeyCredential.create(RawClient.KEY))
            .azureUrlPathMode(AzureUrlPathMode.LEGACY)
            .maxRetries(0)
            .build();

    ChatCompletion answer = azure.chat().completions().create(params("sim-text"));

    assertThat(answer.choices().getFirst().message().content()).contains("It is mild in Paris.");
    assertThat(SIM.firstCall().protocol()).isEqualTo("azure-chat");
    azure.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sim-text      | completed  | It is mild in Paris.
          sim-tools     | completed  | get_weather{"city":"Paris"}get_weather{"city":"Rome"}
          sim-tool-bare | completed  | get_time{}
          sim-reasoning | completed  | It is mild in Paris.
          sim-refusal   | completed  | I cannot help with that.
          sim-length    | incomplete | It is mild in
          """)
  void accumulatesResponses(String model, String status, String said) {
    ResponseCreateParams params =
        ResponseCreateParams.builder().model(model).input("Hello").build();
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
      events.stream().forEach(accumulator::accumulate);
    }

    for (Response response :
        List.of(accumulator.response(), client.responses().create(params).validate())) {
      assertThat(response.status().orElseThrow().asString()).isEqualTo(status);
      assertThat(response.output().stream().map(OpenAiSdkTest::said).collect(Collectors.joining()))
          .isEqualTo(said);
      assertThat(response.usage().orElseThrow().inputTokens()).isEqualTo(2);
    }
  }

  @Test
  void readsVectors() {
    CreateEmbeddingResponse answer =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("sim-text")
                    .inputOfArrayOfStrings(List.of("a", "b"))
                    .dimensions(4)
                    .build());

    assertThat(answer.data()).hasSize(2);
    assertThat(answer.data().getLast().embedding()).hasSize(4);
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data()).anyMatch(model -> model.id().equals("sim-tools"));
  }

  private static ChatCompletion chat(OpenAIClient client, String model) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params(model))) {
      chunks.stream().forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private static ChatCompletionCreateParams params(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello").build();
  }

  private static String calls(ChatCompletionMessage message) {
    return message.toolCalls().orElse(List.of()).stream()
        .map(call -> call.asFunction().function())
        .map(function -> function.name() + function.arguments())
        .collect(Collectors.joining());
  }

  private static String said(ResponseOutputItem item) {
    if (item.isFunctionCall()) {
      return item.asFunctionCall().name() + item.asFunctionCall().arguments();
    }
    if (item.isReasoning()) {
      return "";
    }
    return item.asMessage().content().stream()
        .map(part -> part.isRefusal() ? part.asRefusal().refusal() : part.asOutputText().text())
        .collect(Collectors.joining());
  }
}
