package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Answer;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.invoice.Usage;

/** A chat completion in one document. */
record WholeMistral(MistralId id) implements Asked.Document {
  @Override
  public JsonNode json(Answer answer, Usage usage) {
    ObjectNode whole = id.json("chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    String text = answer.text() + answer.refusal();
    if (answer.thoughts().isEmpty()) {
      message.put("content", text);
    } else {
      ArrayNode content =
          message.putArray("content").add(MistralShapes.thinking(answer.thoughts()));
      if (!text.isEmpty()) {
        content.add(MistralShapes.text(text));
      }
    }
    if (answer.calls().isEmpty()) {
      message.putNull("tool_calls");
    } else {
      ArrayNode calls = message.putArray("tool_calls");
      answer.calls().forEach(call -> calls.add(MistralShapes.call(call)));
    }
    choice.put("finish_reason", MistralShapes.reason(answer.finishReason()));
    whole.set("usage", MistralShapes.usage(usage));
    return whole;
  }
}
