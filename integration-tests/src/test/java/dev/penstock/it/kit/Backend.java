package dev.penstock.it.kit;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where Postgres and Keycloak come from: {@code -Dbackend=…}, as in the modules' own tests. */
enum Backend {
  /** The programs that an installation brings. */
  EMBEDDED("embedded"),
  CONTAINERS("containers");

  static final String PROPERTY = "backend";

  private final String word;

  Backend(String word) {
    this.word = word;
  }

  /**
   * What is asked for.
   *
   * @param word null: nothing is
   * @throws IllegalStateException if it is neither, or Docker is needed and does not answer
   */
  static Backend chosen(@Nullable String word, BooleanSupplier dockerAnswers) {
    if (word == null || word.equals(EMBEDDED.word)) {
      return EMBEDDED;
    }
    if (!word.equals(CONTAINERS.word)) {
      throw new IllegalStateException(
          "-D%s=%s (expected: %s or %s)".formatted(PROPERTY, word, EMBEDDED.word, CONTAINERS.word));
    }
    if (!dockerAnswers.getAsBoolean()) {
      throw new IllegalStateException(
          "-Dbackend=containers, but no Docker answers: start it, or leave the property out");
    }
    return CONTAINERS;
  }
}
