package dev.penstock.providersim.invoice;

import org.jspecify.annotations.Nullable;

/**
 * How one call is counted and priced: the prices, the tokens counted in its prompt, and what its
 * script reports instead of counting.
 *
 * @param scriptedCompletion reported and billed only if the answer is played to its end; a cut one
 *     is billed for what was sent
 */
public record Tariff(
    Prices prices, long promptTokens, long cachedTokens, @Nullable Long scriptedCompletion) {

  /** What is reported to the client at the end of a whole answer. */
  public Usage whole(long tokensSent) {
    return new Usage(
        promptTokens,
        cachedTokens,
        scriptedCompletion == null ? tokensSent : scriptedCompletion.longValue());
  }

  Usage soFar(long tokensSent) {
    return new Usage(promptTokens, cachedTokens, tokensSent);
  }
}
