package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a request with a field that its provider's dialect cannot carry and that changes
 * what the model is asked; a manifest writes {@link #word}.
 */
public enum UnsupportedFields {
  REFUSE("refuse"),
  /** The request goes on without it, where there is something left to ask; the client is told. */
  DROP("drop");

  private final String word;

  UnsupportedFields(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<UnsupportedFields> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words, in the order of their meaning. */
  public static List<String> words() {
    return Arrays.stream(values()).map(UnsupportedFields::word).toList();
  }
}
