package dev.penstock.it.compatibility;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.mistralai.MistralAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.util.Map;

/** The three dialects that LangChain4j speaks, each answer whole. */
enum LangChain4jWhole implements Sdk {
  OPENAI("LangChain4j OpenAI, whole", "logit_bias") {
    @Override
    ChatModel model(Door door, Situation situation) {
      var model =
          OpenAiChatModel.builder()
              .baseUrl(door.gateway() + "/v1")
              .apiKey(door.key())
              .modelName(door.model())
              .returnThinking(true)
              .maxRetries(0);
      if (situation == Situation.UNCARRIED) {
        model.logitBias(Map.of("1", 2));
      }
      return situation == Situation.REASONING
          ? model.reasoningEffort("medium").build()
          : model.build();
    }
  },
  ANTHROPIC("LangChain4j Anthropic, whole", "top_k") {
    @Override
    ChatModel model(Door door, Situation situation) {
      var model =
          AnthropicChatModel.builder()
              .baseUrl(door.gateway() + "/v1/")
              .apiKey(door.key())
              .modelName(door.model())
              .maxTokens((int) Subject.MAX_TOKENS)
              .returnThinking(true)
              .maxRetries(0);
      if (situation == Situation.UNCARRIED) {
        model.topK(5);
      }
      return situation == Situation.REASONING
          ? model.thinkingType("adaptive").build()
          : model.build();
    }
  },
  MISTRAL("LangChain4j Mistral, whole", "safe_prompt") {
    @Override
    ChatModel model(Door door, Situation situation) {
      var model =
          MistralAiChatModel.builder()
              .baseUrl(door.gateway() + "/mistral/v1")
              .apiKey(door.key())
              .modelName(door.model())
              .returnThinking(true)
              .maxRetries(0);
      return situation == Situation.UNCARRIED ? model.safePrompt(true).build() : model.build();
    }
  };

  private final String title;
  private final String uncarried;

  LangChain4jWhole(String title, String uncarried) {
    this.title = title;
    this.uncarried = uncarried;
  }

  /** Without the library's own retries, which know nothing of {@code x-should-retry}. */
  abstract ChatModel model(Door door, Situation situation);

  @Override
  public String title() {
    return title;
  }

  @Override
  public String uncarried() {
    return uncarried;
  }

  @Override
  public Outcome ask(Door door, Situation situation) {
    try {
      return LangChain4j.answered(
          model(door, situation).chat(LangChain4jQuestions.about(situation)));
    } catch (LangChain4jException e) {
      return LangChain4j.raised(e, situation == Situation.UNCARRIED ? uncarried : "");
    }
  }
}
