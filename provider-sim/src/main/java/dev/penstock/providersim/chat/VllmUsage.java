package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.invoice.Usage;

/** Usage as vLLM writes it: details of the prompt are null unless the server was told to count. */
final class VllmUsage {
  private VllmUsage() {}

  static ObjectNode json(Usage usage) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt_tokens", usage.promptTokens())
            .put("total_tokens", usage.totalTokens())
            .put("completion_tokens", usage.completionTokens());
    if (usage.cachedTokens() == 0) {
      return json.putNull("prompt_tokens_details");
    }
    json.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
    return json;
  }
}
