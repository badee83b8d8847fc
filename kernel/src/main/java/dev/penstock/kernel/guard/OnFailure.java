package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a request on which an external guard gives no verdict; a manifest has the word.
 */
public enum OnFailure {
  /** It is refused. */
  BLOCK("block"),
  /** It goes on, and its record says so. */
  ALLOW("allow");

  private final String word;

  OnFailure(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<OnFailure> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words, in the order in which they are shown. */
  public static List<String> words() {
    return Arrays.stream(values()).map(OnFailure::word).toList();
  }
}
