package dev.penstock.it.compatibility;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.mistralai.MistralAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import dev.penstock.it.compatibility.Outcome.Silent;
import dev.penstock.it.kit.Patience;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The three dialects that LangChain4j speaks, as streams. */
enum LangChain4j implements Sdk {
  OPENAI("LangChain4j OpenAI", "logit_bias") {
    @Override
    StreamingChatModel model(Door door, Situation situation) {
      var model =
          OpenAiStreamingChatModel.builder()
              .baseUrl(door.gateway() + "/v1")
              .apiKey(door.key())
              .modelName(door.model())
              .returnThinking(true);
      if (situation == Situation.UNCARRIED) {
        model.logitBias(Map.of("1", 2));
      }
      return situation == Situation.REASONING
          ? model.reasoningEffort("medium").build()
          : model.build();
    }
  },
  ANTHROPIC("LangChain4j Anthropic", "top_k") {
    @Override
    StreamingChatModel model(Door door, Situation situation) {
      var model =
          AnthropicStreamingChatModel.builder()
              .baseUrl(door.gateway() + "/v1/")
              .apiKey(door.key())
              .modelName(door.model())
              .maxTokens((int) Subject.MAX_TOKENS)
              .returnThinking(true);
      if (situation == Situation.UNCARRIED) {
        model.topK(5);
      }
      return situation == Situation.REASONING
          ? model.thinkingType("adaptive").build()
          : model.build();
    }
  },
  MISTRAL("LangChain4j Mistral", "safe_prompt") {
    @Override
    StreamingChatModel model(Door door, Situation situation) {
      var model =
          MistralAiStreamingChatModel.builder()
              .baseUrl(door.gateway() + "/mistral/v1")
              .apiKey(door.key())
              .modelName(door.model())
              .returnThinking(true);
      return situation == Situation.UNCARRIED ? model.safePrompt(true).build() : model.build();
    }
  };

  private final String title;
  private final String uncarried;

  LangChain4j(String title, String uncarried) {
    this.title = title;
    this.uncarried = uncarried;
  }

  abstract StreamingChatModel model(Door door, Situation situation);

  @Override
  public String title() {
    return title;
  }

  @Override
  public String uncarried() {
    return uncarried;
  }

  @Override
  public Outcome ask(Door door, Situation situation)
      throws ExecutionException, InterruptedException {
    Listener listener = new Listener(situation == Situation.UNCARRIED ? uncarried : "");
    model(door, situation).chat(LangChain4jQuestions.about(situation), listener);
    try {
      return listener.outcome.get(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return new Silent();
    }
  }

  private static final class Listener implements StreamingChatResponseHandler {
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final String field;

    Listener(String field) {
      this.field = field;
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      outcome.completeAsync(() -> answered(response));
    }

    @Override
    public void onError(Throwable raised) {
      outcome.complete(raised(raised, field));
    }
  }

  /**
   * @param field that the exception is about; empty where it is about none
   */
  static Raised raised(Throwable raised, String field) {
    Raised named = Raised.of(raised, 0);
    return field.isEmpty() ? named : named.naming(field, raised);
  }

  static Answered answered(ChatResponse response) {
    AiMessage message = response.aiMessage();
    Heard heard = Heard.strict();
    heard.text(Objects.requireNonNullElse(message.text(), ""));
    heard.thought(Objects.requireNonNullElse(message.thinking(), ""));
    long index = 0;
    for (ToolExecutionRequest call : message.toolExecutionRequests()) {
      heard.call(index, call.name());
      heard.arguments(index++, call.arguments());
    }
    if (response.finishReason() != null) {
      heard.end(end(response));
    }
    return heard.answered();
  }

  private static End end(ChatResponse response) {
    return switch (response.finishReason()) {
      case STOP -> End.STOP;
      case LENGTH -> End.LENGTH;
      case TOOL_EXECUTION -> End.TOOLS;
      case CONTENT_FILTER -> End.REFUSED;
      // What Anthropic's refusal is to this library, which has no word for it there.
      case OTHER -> End.REFUSED;
    };
  }
}
