package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.script.Utterance;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands in {@code delta} for each thing that a model says. */
record ChatDeltas(Flavour flavour) {

  /** What an answer begins with; its role chunk already says so. */
  enum Begin {
    TEXT,
    REFUSAL,
    CALL;

    static Begin of(Utterance first) {
      return switch (first) {
        case Utterance.Said said -> TEXT;
        case Utterance.Thought thought -> TEXT;
        case Utterance.Refused refused -> REFUSAL;
        case Utterance.CallBegun begun -> CALL;
        case Utterance.CallArguments piece -> CALL;
      };
    }
  }

  ObjectNode role(Begin begin) {
    ObjectNode role = json().put("role", "assistant");
    if (flavour.isOpen()) {
      return role.put("content", "");
    }
    return switch (begin) {
      case TEXT -> role.put("content", "").putNull("refusal");
      case REFUSAL -> role.putNull("content").put("refusal", "");
      case CALL -> role.putNull("content").putNull("refusal");
    };
  }

  /** Null if nothing of it is shown: OpenAI keeps thoughts to itself, and only counts them. */
  @Nullable ObjectNode delta(Utterance utterance) {
    return switch (utterance) {
      case Utterance.Said said -> json().put("content", said.text());
      case Utterance.Thought thought ->
          flavour.isOpen() ? json().put(reasoningField(flavour), thought.text()) : null;
      case Utterance.Refused refused ->
          json().put(flavour.isOpen() ? "content" : "refusal", refused.text());
      case Utterance.CallBegun begun -> begun(begun);
      case Utterance.CallArguments piece -> arguments(piece);
    };
  }

  /** The name that servers which show their reasoning have for it. */
  static String reasoningField(Flavour flavour) {
    return flavour == Flavour.OLDER_VLLM ? "reasoning_content" : "reasoning";
  }

  private static ObjectNode begun(Utterance.CallBegun begun) {
    ObjectNode delta = json();
    ObjectNode call =
        delta
            .putArray("tool_calls")
            .addObject()
            .put("index", begun.ordinal())
            .put("id", Optional.ofNullable(begun.id()).orElseGet(ReplyId::callId))
            .put("type", "function");
    call.putObject("function").put("name", begun.name()).put("arguments", "");
    return delta;
  }

  /** A call without arguments has an empty object of them. */
  private static ObjectNode arguments(Utterance.CallArguments piece) {
    ObjectNode delta = json();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", piece.ordinal());
    call.putObject("function").put("arguments", piece.json().isEmpty() ? "{}" : piece.json());
    return delta;
  }

  private static ObjectNode json() {
    return JsonNodeFactory.instance.objectNode();
  }
}
