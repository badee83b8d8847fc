package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** LangChain4j, changed in base URL and key alone. */
@ExtendWith(SharedStack.class)
class LangChain4jTest {
  private final PenstockTester tester;

  LangChain4jTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void streams() throws Exception {
    // Given
    Application application = tester.application().upstream("sim-n12-b24-d1000-t1000-g1").create();
    Collector answer = new Collector();

    // When
    streaming(application).chat(Canaries.PROMPT, answer);

    // Then
    ChatResponse whole = answer.whole.get(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS);
    assertThat(whole.aiMessage().text()).startsWith("0000000 ").contains("0000011 ");
    assertThat(whole.tokenUsage().outputTokenCount()).isEqualTo(12);
    assertThat(answer.parts).hasSize(12);
  }

  @Test
  void answersInOnePiece() {
    // Given
    Application application = tester.application().create();
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .baseUrl(application.baseUrl())
            .apiKey(application.key())
            .modelName(application.model())
            .build();

    // When
    String answer = model.chat(Canaries.PROMPT);

    // Then
    assertThat(answer).startsWith("0000000 ");
  }

  @Test
  void failsWhenTheProviderBreaksOffInMidStream() {
    // Given
    Application application = tester.application().upstream("sim-reset-after-4").create();
    Collector answer = new Collector();

    // When
    streaming(application).chat(Canaries.PROMPT, answer);

    // Then
    assertThatThrownBy(() -> answer.whole.get(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(answer.parts).hasSizeLessThanOrEqualTo(4);
  }

  private static OpenAiStreamingChatModel streaming(Application application) {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(application.baseUrl())
        .apiKey(application.key())
        .modelName(application.model())
        .build();
  }

  private static final class Collector implements StreamingChatResponseHandler {
    private final List<String> parts = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String part) {
      parts.add(part);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      whole.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }
  }
}
