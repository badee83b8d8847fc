package dev.penstock.providersim.dialect;

import org.jspecify.annotations.Nullable;

/** A part of a whole answer. */
public sealed interface Part {
  record Spoken(String text) implements Part {}

  record Thoughts(String text) implements Part {}

  record Refusal(String text) implements Part {}

  /**
   * A call of a tool.
   *
   * @param id null where the provider is to choose one
   * @param arguments JSON text; empty for a call without arguments
   */
  record Called(int ordinal, @Nullable String id, String name, String arguments) implements Part {}
}
