package dev.penstock.kernel.guard;

import java.util.Objects;

/** A text that several guards search: it is brought into normal form once. */
public final class SearchText {

  private final NormalText normal;

  public SearchText(String text) {
    normal = NormalText.of(Objects.requireNonNull(text, "text"));
  }

  NormalText normal() {
    return normal;
  }
}
