package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Why an answer stopped, from the script's word for it. */
record Stop(String reason) {

  /** Who refused in words has stopped for that, whatever the script calls it. */
  enum Spoken {
    WILLINGLY,
    REFUSING
  }

  static Stop of(String word, Spoken spoken) {
    return new Stop(
        switch (word) {
          case "stop" -> spoken == Spoken.REFUSING ? "refusal" : "end_turn";
          case "length" -> "max_tokens";
          case "tool_calls" -> "tool_use";
          case "content_filter" -> "refusal";
          default -> word;
        });
  }

  /** The fields beside each other in {@code target}. */
  void into(ObjectNode target) {
    target.put("stop_reason", reason).putNull("stop_sequence");
    if (reason.equals("refusal")) {
      target
          .putObject("stop_details")
          .put("type", "refusal")
          .putNull("category")
          .put("explanation", "The model declined to answer.");
    }
  }
}
