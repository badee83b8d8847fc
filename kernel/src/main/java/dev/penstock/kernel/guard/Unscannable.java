package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of what no guard can search: images, sounds, files and what only a provider can
 * decrypt. From the mildest to the strictest, which counts where several guards bind; a manifest
 * writes {@link #word}.
 */
public enum Unscannable {
  /** It goes on. */
  ALLOW("allow"),
  /** It goes on and stands in the record. */
  FLAG("flag"),
  /** Whatever holds it is refused. */
  REFUSE("refuse");

  private final String word;

  Unscannable(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<Unscannable> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words, in the order in which they are shown. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Unscannable::word).toList();
  }
}
