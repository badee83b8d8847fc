package dev.penstock.providersim.responses;

import org.jspecify.annotations.Nullable;

/** How a response ended, from the script's word for it. */
record Ended(String status, @Nullable String incompleteReason) {
  static final Ended FAILED = new Ended("failed", null);

  static Ended of(String word) {
    return switch (word) {
      case "length" -> new Ended("incomplete", "max_output_tokens");
      case "content_filter" -> new Ended("incomplete", "content_filter");
      case "failed" -> FAILED;
      default -> new Ended("completed", null);
    };
  }

  boolean isComplete() {
    return status.equals("completed");
  }

  /** Items know no failure. */
  String itemStatus() {
    return isComplete() ? "completed" : "incomplete";
  }
}
