package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official SDK, changed in base URL and key alone. */
@ExtendWith(SharedStack.class)
class OpenAiJavaTest {
  private final PenstockTester tester;

  OpenAiJavaTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void streamsWithNothingChangedButAddressAndKey() {
    // Given
    Application application = tester.application().upstream("sim-n20-b24-d1000-t1000-g1").create();
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    // When
    OpenAIClient client = client(application);
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question(application).build())) {
      stream.stream().peek(accumulator::accumulate).forEach(chunks::add);
    }

    // Then
    ChatCompletion whole = accumulator.chatCompletion();
    assertThat(whole.choices().getFirst().message().content().orElseThrow())
        .startsWith("0000000 ")
        .contains("0000019 ");
    assertThat(whole.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
  }

  @Test
  void getsTheUsageThatItAskedFor() {
    // Given
    Application application = tester.application().create();
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    // When
    OpenAIClient client = client(application);
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                question(application)
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      stream.stream().forEach(chunks::add);
    }

    // Then
    assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(5);
  }

  @Test
  void answersInOnePiece() {
    // Given
    Application application = tester.application().create();

    // When
    ChatCompletion answer =
        client(application).chat().completions().create(question(application).build());

    // Then
    assertThat(answer.choices().getFirst().message().content().orElseThrow())
        .startsWith("0000000 ");
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(5);
  }

  @Test
  void listsTheModelsThatTheKeyMayUse() {
    // Given
    Application application = tester.application().alsoAllowed("assistant").create();

    // When
    List<Model> models = client(application).models().list().data();

    // Then
    assertThat(models)
        .extracting(Model::id)
        .containsExactlyInAnyOrder("assistant", application.model());
  }

  @Test
  void raisesPermissionDeniedForAModelOutsideTheAllowList() {
    // Given
    Application application = tester.application().create().asking("copilot");

    // When
    OpenAIServiceException refused = refusal(application, PermissionDeniedException.class);

    // Then
    assertThat(refused.code()).contains("model_not_allowed");
    assertThat(refused.getMessage()).contains("copilot");
  }

  @Test
  void raisesNotFoundForAModelThatDoesNotExist() {
    // Given
    Application application = tester.application().create().asking("unheard-of");

    // When
    OpenAIServiceException refused = refusal(application, NotFoundException.class);

    // Then
    assertThat(refused.code()).contains("model_not_found");
  }

  @Test
  void raisesUnauthorizedForAKeyThatNobodyIssued() {
    // Given
    Application application = tester.application().create().withKey(Canaries.unknownKey());

    // When
    OpenAIServiceException refused = refusal(application, UnauthorizedException.class);

    // Then
    assertThat(refused.code()).contains("invalid_api_key");
  }

  /** A clean end would be read as a whole answer, so the stream must not end like one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim-reset-after-3",
        "sim-close-after-3",
        "sim-stall-after-3",
        "sim-malformed-chunk"
      })
  void raisesWhenTheProviderBreaksOffInMidStream(String script) {
    // Given
    Application application =
        tester.application().upstream(script).at("us-east").deployedIn("us-east").create();
    long mark = tester.simulator().mark();
    List<ChatCompletionChunk> chunks = new ArrayList<>();

    // When
    Throwable raised = null;
    OpenAIClient client = client(application);
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question(application).build())) {
      stream.stream().forEach(chunks::add);
    } catch (RuntimeException e) {
      raised = e;
    }

    // Then
    assertThat(chunks).isNotEmpty();
    assertThat(raised).isInstanceOf(OpenAIServiceException.class);
    assertThat(tester.simulator().calls(script, mark)).hasSize(1);
    await()
        .untilAsserted(() -> assertThat(tester.admin().records(application.tenant())).hasSize(1));
    JsonNode record = tester.admin().records(application.tenant()).getFirst();
    assertThat(record.path("outcome").asText()).isEqualTo("failed");
    assertThat(record.path("errorCode").asText()).startsWith("upstream_");
    assertThat(raised)
        .isInstanceOfSatisfying(
            OpenAIServiceException.class,
            told -> assertThat(told.code()).contains(record.path("errorCode").asText()));
  }

  private static OpenAIServiceException refusal(
      Application application, Class<? extends OpenAIServiceException> type) {
    OpenAIClient client = client(application);
    return assertThrows(
        type, () -> client.chat().completions().create(question(application).build()));
  }

  private static OpenAIClient client(Application application) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(application.baseUrl())
        .apiKey(application.key())
        .build();
  }

  private static ChatCompletionCreateParams.Builder question(Application application) {
    return ChatCompletionCreateParams.builder()
        .model(application.model())
        .addUserMessage("hello, " + Canaries.PROMPT);
  }
}
