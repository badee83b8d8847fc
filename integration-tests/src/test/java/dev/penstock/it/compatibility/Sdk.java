package dev.penstock.it.compatibility;

import java.util.concurrent.ExecutionException;

/** A way of using an SDK to stream an answer, with nothing changed but base URL and key. */
sealed interface Sdk
    permits OpenAiChat, OpenAiResponses, AnthropicMessages, LangChain4j, JavaScriptSdk {
  /** As the table calls it. */
  String title();

  /** Asks what the situation is about; exceptions of the SDK are an outcome. */
  Outcome ask(Door door, Situation situation) throws ExecutionException, InterruptedException;
}
