package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.Action;

/**
 * What one rule of one detector has found in a request; never the text.
 *
 * @param guard as {@link dev.penstock.kernel.guard.GuardRef#label()} has it
 * @param detector its place in the guard
 * @param type of the detector, as a manifest has it
 * @param rule see {@link dev.penstock.kernel.guard.Rule#name()}
 * @param effect what became of it
 * @param count how often it was found
 * @param firstAt place of the first; empty where the API has no name for it
 */
record Finding(
    String guard,
    int detector,
    String type,
    String rule,
    Effect effect,
    int count,
    String firstAt) {

  /** What becomes of what is found. */
  enum Effect {
    BLOCKED("block", "block"),
    /** It should be redacted and stands where nothing can be replaced. */
    BLOCKED_NAME("block, as it is a name that cannot be redacted,", "block"),
    REDACTED("redact", "redact"),
    FLAGGED("flag", "flag"),
    WOULD_BLOCK("would block", "would_block"),
    WOULD_REDACT("would redact", "would_redact");

    private final String word;
    private final String label;

    Effect(String word, String label) {
      this.word = word;
      this.label = label;
    }

    /** As records have it. */
    String word() {
      return word;
    }

    /** As metrics have it. */
    String label() {
      return label;
    }

    boolean isDenial() {
      return this == BLOCKED || this == BLOCKED_NAME;
    }

    static Effect of(Action action, boolean observed, boolean replaceable) {
      return switch (action) {
        case BLOCK -> observed ? WOULD_BLOCK : BLOCKED;
        case REDACT -> {
          if (observed) {
            yield replaceable ? WOULD_REDACT : WOULD_BLOCK;
          }
          yield replaceable ? REDACTED : BLOCKED_NAME;
        }
        case FLAG -> FLAGGED;
      };
    }
  }

  /** As the record has it. */
  String reason() {
    return "guard %s detectors[%d] %s: %s %d, the first at %s"
        .formatted(guard, detector, rule, effect.word, count, where());
  }

  String where() {
    return firstAt.isEmpty() ? "a field that the API does not have" : firstAt;
  }
}
