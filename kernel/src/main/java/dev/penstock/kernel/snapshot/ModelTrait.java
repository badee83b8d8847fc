package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is special about a model; a manifest writes {@link #word}. */
public enum ModelTrait {
  /** Refuses sampling parameters, such as a temperature. */
  NO_SAMPLING("no-sampling"),
  /** Is told how much to think as a budget of tokens, and in no word. */
  THINKS_BY_BUDGET("thinks-by-budget"),
  /**
   * Thinks, and charges for thoughts that its stream need not show. A manifest says so among the
   * model's capabilities, not its traits.
   */
  REASONS("reasoning");

  private final String word;

  ModelTrait(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<ModelTrait> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words that a manifest has among a model's traits. */
  public static List<String> words() {
    return Arrays.stream(values()).filter(each -> each != REASONS).map(ModelTrait::word).toList();
  }
}
