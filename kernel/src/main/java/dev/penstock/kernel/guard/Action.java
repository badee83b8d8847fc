package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.Optional;

/** What becomes of a text in which a detector finds something; a manifest writes {@link #word}. */
public enum Action {
  /** The request is refused. */
  BLOCK("block"),
  /** A placeholder takes the place of what was found. */
  REDACT("redact"),
  /** It stands in the request's record. */
  FLAG("flag");

  private final String word;

  Action(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<Action> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
