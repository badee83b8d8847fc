package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.invoice.Usage;

/** Usage as Anthropic writes it: {@code input_tokens} is what no cache had to do with. */
final class AnthropicUsage {
  private AnthropicUsage() {}

  static ObjectNode json(Usage usage) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("input_tokens", usage.freshTokens())
            .put("cache_creation_input_tokens", usage.cacheWriteTokens())
            .put("cache_read_input_tokens", usage.cachedTokens());
    json.putObject("cache_creation")
        .put("ephemeral_5m_input_tokens", usage.cacheWrite5mTokens())
        .put("ephemeral_1h_input_tokens", usage.cacheWrite1hTokens());
    json.put("output_tokens", usage.completionTokens());
    if (usage.reasoningTokens() > 0) {
      json.putObject("output_tokens_details").put("thinking_tokens", usage.reasoningTokens());
    }
    return json.put("service_tier", "standard");
  }
}
