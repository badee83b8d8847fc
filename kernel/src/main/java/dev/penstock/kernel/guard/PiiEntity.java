package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.Optional;

/** Personal data that has a form by which it is known; a manifest writes {@link #word}. */
public enum PiiEntity {
  EMAIL("email"),
  PHONE("phone"),
  IBAN("iban"),
  CREDIT_CARD("credit-card");

  private final String word;

  PiiEntity(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<PiiEntity> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
