package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.FinishReason;

/** What the wire calls the reasons why a model stopped. */
final class StopReasons {

  static final String REFUSAL = "refusal";

  private StopReasons() {}

  /** A reason that is not known counts as the plain end of a turn. */
  static FinishReason read(String word) {
    return switch (word) {
      case "max_tokens" -> FinishReason.LENGTH;
      case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
      case "tool_use" -> FinishReason.TOOL_CALLS;
      case "pause_turn" -> FinishReason.PAUSED;
      case REFUSAL -> FinishReason.CONTENT_FILTER;
      case "model_context_window_exceeded" -> FinishReason.CONTEXT_FULL;
      default -> FinishReason.STOP;
    };
  }

  /**
   * @param sequenceKnown without its value a stop sequence is told as the end of a turn, which is
   *     what clients that look the value up can bear
   */
  static String word(FinishReason reason, boolean sequenceKnown) {
    return switch (reason) {
      case STOP -> "end_turn";
      case STOP_SEQUENCE -> sequenceKnown ? "stop_sequence" : "end_turn";
      case LENGTH -> "max_tokens";
      case CONTEXT_FULL -> "model_context_window_exceeded";
      case TOOL_CALLS -> "tool_use";
      case CONTENT_FILTER -> REFUSAL;
      case PAUSED -> "pause_turn";
    };
  }
}
