package dev.penstock.dataplane.dialect;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where a translated request goes.
 *
 * @param model the provider's name of the model
 * @param maxOutputTokens the catalogue's, for dialects in which a request must state a limit
 */
public record Target(
    Dialect dialect, String model, OptionalLong maxOutputTokens, Set<Trait> traits) {

  /** What a provider's endpoint has that its dialect leaves open. */
  public enum Trait {
    /**
     * An OpenAI-compatible server: takes {@code max_tokens} and knows no {@code developer} role.
     */
    COMPATIBLE,
    /** A server that tells usage with every piece where it is asked to, as vLLM does. */
    CONTINUOUS_USAGE,
    /** A model that takes thinking as a budget of tokens only. */
    THINKS_BY_BUDGET,
    /** A model that refuses sampling parameters: it is sent none, whatever its dialect. */
    NO_SAMPLING
  }

  public Target {
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(model, "model");
    traits = Set.copyOf(traits);
  }
}
