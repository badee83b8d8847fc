package dev.penstock.it.compatibility;

import java.util.concurrent.ExecutionException;

/** A way of using an SDK to get an answer, with nothing changed but base URL and key. */
sealed interface Sdk
    permits OpenAiChat,
        OpenAiResponses,
        AnthropicMessages,
        LangChain4j,
        LangChain4jWhole,
        JavaScriptSdk {
  /** As the table calls it. */
  String title();

  /**
   * What its client calls the field of {@link Situation#UNCARRIED}; empty where that is not asked.
   */
  default String uncarried() {
    return "";
  }

  /** Whether it is asked in that situation. */
  default boolean faces(Situation situation) {
    return situation != Situation.UNCARRIED || !uncarried().isEmpty();
  }

  /** Asks what the situation is about; exceptions of the SDK are an outcome. */
  Outcome ask(Door door, Situation situation) throws ExecutionException, InterruptedException;
}
