package dev.penstock.providersim.script;

import dev.penstock.providersim.invoice.Prices;
import dev.penstock.providersim.invoice.Usage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model does when it is called, what it costs, and what usage it claims.
 *
 * @param refuses fields of a request that other models of the provider take and this one does not
 */
public record Script(Prices prices, Claim claim, Set<String> refuses, List<Step> steps) {
  public Script {
    refuses = Set.copyOf(refuses);
    steps = List.copyOf(steps);
  }

  /** At default prices, with counted usage. */
  static Script of(Step... steps) {
    return new Script(Prices.DEFAULT, Claim.COUNTED, Set.of(), List.of(steps));
  }

  /**
   * Usage the script states instead of having it counted; null means counted.
   *
   * @param prompt with nothing answered
   * @param reasoningTokens part of the completion
   */
  public record Claim(
      @Nullable Usage prompt, @Nullable Long completionTokens, @Nullable Long reasoningTokens) {
    static final Claim COUNTED = new Claim(null, null, null);
  }
}
