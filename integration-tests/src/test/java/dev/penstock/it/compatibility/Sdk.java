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

  /** What its client calls the field of {@link Situation#UNCARRIED}. */
  String uncarried();

  /** Asks what the situation is about; exceptions of the SDK are an outcome. */
  Outcome ask(Door door, Situation situation) throws ExecutionException, InterruptedException;
}
