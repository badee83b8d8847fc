package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Answer;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Part;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.openai.OpenAiUsage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chat completion in one document. */
record WholeChat(ReplyId id, Flavour flavour) implements Asked.Document {
  @Override
  public JsonNode json(Answer answer, Usage usage) {
    ObjectNode whole =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id.id())
            .put("object", "chat.completion")
            .put("created", id.created())
            .put("model", id.model());
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    choice.set("message", message(answer));
    choice.putNull("logprobs").put("finish_reason", answer.finishReason());
    whole.set("usage", flavour.isOpen() ? VllmUsage.json(usage) : OpenAiUsage.chat(usage));
    if (flavour.isOpen()) {
      choice.put("stop_reason", answer.finish().stopText());
    } else {
      whole.put("service_tier", "default").put("system_fingerprint", ReplyId.FINGERPRINT);
    }
    return whole;
  }

  private ObjectNode message(Answer answer) {
    ObjectNode message =
        JsonNodeFactory.instance
            .objectNode()
            .put("role", "assistant")
            .put("content", content(answer));
    switch (flavour) {
      case OPENAI, AZURE ->
          message.put("refusal", orNull(answer.refusal())).putArray("annotations");
      case VLLM, OLDER_VLLM ->
          message.put(ChatDeltas.reasoningField(flavour), orNull(answer.thoughts()));
    }
    if (!answer.calls().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      answer.calls().forEach(call -> calls.add(json(call)));
    }
    return message;
  }

  /** Null beside calls or a refusal, but empty rather than null if nothing was answered at all. */
  private @Nullable String content(Answer answer) {
    if (flavour.isOpen()) {
      return orNull(answer.text() + answer.refusal());
    }
    boolean other = !answer.calls().isEmpty() || !answer.refusal().isEmpty();
    return other ? orNull(answer.text()) : answer.text();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static ObjectNode json(Part.Called call) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", Optional.ofNullable(call.id()).orElseGet(ReplyId::callId))
            .put("type", "function");
    json.putObject("function")
        .put("name", call.name())
        .put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
    return json;
  }
}
