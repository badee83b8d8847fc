package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Part.Called;
import dev.penstock.providersim.invoice.Usage;

/** What streamed and whole answers have in common. */
final class MistralShapes {
  private MistralShapes() {}

  /** A call in one piece; its kind and its place among others go without saying. */
  static ObjectNode call(Called called) {
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("id", MistralId.call(called.id()));
    call.putObject("function")
        .put("name", called.name())
        .put("arguments", called.arguments().isEmpty() ? "{}" : called.arguments());
    return call;
  }

  static ObjectNode text(String text) {
    return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
  }

  static ObjectNode thinking(String text) {
    ObjectNode chunk = JsonNodeFactory.instance.objectNode().put("type", "thinking");
    chunk.putArray("thinking").add(text(text));
    return chunk;
  }

  /** Mistral has no word for what a filter stopped. */
  static String reason(String word) {
    return word.equals("content_filter") ? "stop" : word;
  }

  static ObjectNode usage(Usage usage) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt_tokens", usage.promptTokens())
            .put("total_tokens", usage.totalTokens())
            .put("completion_tokens", usage.completionTokens());
    json.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
    return json;
  }
}
