package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which server answers in OpenAI's words, where it is known to do more than these say; a manifest
 * writes {@link #word}.
 */
public enum Compatibility {
  /** OpenAI itself, or any server of which nothing is stated. */
  UNSTATED(""),
  /** Tells usage with every piece of a stream ({@code stream_options.continuous_usage_stats}). */
  VLLM("vllm");

  private final String word;

  Compatibility(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<Compatibility> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** What a manifest can state. */
  public static List<String> words() {
    return Arrays.stream(values())
        .filter(each -> each != UNSTATED)
        .map(Compatibility::word)
        .toList();
  }
}
