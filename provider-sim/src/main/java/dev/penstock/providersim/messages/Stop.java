package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.script.Step;
import org.jspecify.annotations.Nullable;

/** Why an answer stopped, from the script's word for it. */
record Stop(String reason, @Nullable String sequence) {

  /** Who refused in words has stopped for that, whatever the script calls it. */
  enum Spoken {
    WILLINGLY,
    REFUSING
  }

  static Stop of(Step.Finish finish, Spoken spoken) {
    return new Stop(reason(finish, spoken), finish.stopText());
  }

  private static String reason(Step.Finish finish, Spoken spoken) {
    return switch (finish.reason()) {
      case "stop" -> finish.stopText() == null ? ended(spoken) : "stop_sequence";
      case "length" -> "max_tokens";
      case "tool_calls" -> "tool_use";
      case "content_filter" -> "refusal";
      default -> finish.reason();
    };
  }

  private static String ended(Spoken spoken) {
    return spoken == Spoken.REFUSING ? "refusal" : "end_turn";
  }

  /** The fields beside each other in {@code target}. */
  void into(ObjectNode target) {
    target.put("stop_reason", reason).put("stop_sequence", sequence);
    if (reason.equals("refusal")) {
      target
          .putObject("stop_details")
          .put("type", "refusal")
          .putNull("category")
          .put("explanation", "The model declined to answer.");
    }
  }
}
