package dev.penstock.it.compatibility;

import java.util.List;
import java.util.stream.Stream;

/** Those that are asked. */
final class Sdks {
  static final List<Sdk> ALL =
      Stream.<Sdk[]>of(
              OpenAiChat.values(),
              OpenAiResponses.values(),
              AnthropicMessages.values(),
              LangChain4j.values(),
              LangChain4jWhole.values(),
              JavaScriptSdk.values())
          .flatMap(Stream::of)
          .toList();

  private Sdks() {}
}
