package dev.penstock.providersim.script;

import dev.penstock.providersim.invoice.Prices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model does when it is called, what it costs, and what usage it claims. */
public record Script(Prices prices, Claim claim, List<Step> steps) {
  public Script {
    steps = List.copyOf(steps);
  }

  /** At default prices, with counted usage. */
  static Script of(Step... steps) {
    return new Script(Prices.DEFAULT, Claim.COUNTED, List.of(steps));
  }

  /** Usage the script states instead of having it counted; null means counted. */
  public record Claim(
      @Nullable Long promptTokens, long cachedTokens, @Nullable Long completionTokens) {
    static final Claim COUNTED = new Claim(null, 0, null);
  }
}
