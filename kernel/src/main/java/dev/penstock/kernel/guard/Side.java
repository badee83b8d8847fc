package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where a guard looks; a manifest writes {@link #word}. */
public enum Side {
  /** What a request says. */
  INPUT("input"),
  /** What is answered. */
  OUTPUT("output");

  private final String word;

  Side(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<Side> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words, in the order in which they are shown. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Side::word).toList();
  }
}
