package dev.penstock.providersim.script;

import org.jspecify.annotations.Nullable;

/** The smallest thing a model says, of one token; each provider has its own shape for it. */
public sealed interface Utterance {
  record Said(String text) implements Utterance {}

  record Thought(String text) implements Utterance {}

  record Refused(String text) implements Utterance {}

  /**
   * A tool is about to be called.
   *
   * @param ordinal counts the calls of a script from 0
   * @param id null where the provider is to choose one
   */
  record CallBegun(int ordinal, @Nullable String id, String name) implements Utterance {}

  /** Some more of the arguments of the call with this number; empty if it has none. */
  record CallArguments(int ordinal, String json) implements Utterance {}
}
