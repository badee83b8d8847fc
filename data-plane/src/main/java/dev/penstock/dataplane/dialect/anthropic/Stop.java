package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;

/**
 * Why an answer stopped, as the wire has it.
 *
 * @param explanation of a refusal; empty where there is none
 */
record Stop(FinishReason reason, String sequence, String explanation) {

  static Stop of(Finished finished, String explanation) {
    return new Stop(finished.reason(), finished.stopSequence().orElse(""), explanation);
  }

  /** The members of a message, or of its last delta, that tell it. */
  String members() {
    String word = StopReasons.word(reason, !sequence.isEmpty());
    String met = "stop_sequence".equals(word) ? Frames.quote(sequence) : "null";
    return "\"stop_reason\":\"%s\",\"stop_sequence\":%s%s".formatted(word, met, details());
  }

  private String details() {
    if (reason != FinishReason.CONTENT_FILTER) {
      return "";
    }
    String said = explanation.isEmpty() ? "null" : Frames.quote(explanation);
    return ",\"stop_details\":{\"type\":\"refusal\",\"category\":null,\"explanation\":%s}"
        .formatted(said);
  }
}
