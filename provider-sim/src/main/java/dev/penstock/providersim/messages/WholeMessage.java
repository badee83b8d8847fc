package dev.penstock.providersim.messages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Answer;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Part;
import dev.penstock.providersim.invoice.Usage;

/** A message in one document. */
record WholeMessage(MessageId id, Display display) implements Asked.Document {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public JsonNode json(Answer answer, Usage usage) {
    ObjectNode message = begun(id);
    ArrayNode content = message.putArray("content");
    answer.parts().forEach(part -> content.add(block(part)));
    Stop.of(
            answer.finish(),
            answer.refusal().isEmpty() ? Stop.Spoken.WILLINGLY : Stop.Spoken.REFUSING)
        .into(message);
    message.set("usage", AnthropicUsage.json(usage));
    return message;
  }

  /** What a message has from the start. */
  static ObjectNode begun(MessageId id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id.id())
        .put("type", "message")
        .put("role", "assistant")
        .put("model", id.model());
  }

  private ObjectNode block(Part part) {
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    switch (part) {
      case Part.Spoken spoken -> block.put("type", "text").put("text", spoken.text());
      case Part.Refusal refusal -> block.put("type", "text").put("text", refusal.text());
      case Part.Thoughts thoughts ->
          block
              .put("type", "thinking")
              .put("thinking", display.text(thoughts.text()))
              .put("signature", display.seal(thoughts.text()));
      case Part.Called called ->
          block
              .put("type", "tool_use")
              .put("id", MessageId.toolUse(called.id()))
              .put("name", called.name())
              .set("input", input(called.arguments()));
    }
    return block;
  }

  /** Arguments that are no JSON, as of a call that was cut, are no input. */
  private static JsonNode input(String arguments) {
    try {
      JsonNode input = MAPPER.readTree(arguments);
      return input.isObject() ? input : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException cut) {
      return JsonNodeFactory.instance.objectNode();
    }
  }
}
