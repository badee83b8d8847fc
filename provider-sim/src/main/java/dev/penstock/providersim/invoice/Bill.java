package dev.penstock.providersim.invoice;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.LongStream;

/**
 * The provider's arithmetic, written apart from Penstock's so that agreement means something.
 *
 * <p>Each line item is {@code tokens * usdPerMillion / 1,000,000} USD, that is {@code tokens *
 * usdPerMillion * 1000} nano-USD, rounded up once per line. Decimals of any width, so nothing
 * overflows before the sum is checked against 64 bits.
 */
final class Bill {
  private static final BigDecimal NANO_USD_PER_USD_PER_MILLION = BigDecimal.valueOf(1_000);

  private Bill() {}

  static long nanoUsd(Usage usage, Prices prices) {
    return LongStream.of(
            line(usage.freshTokens(), prices.input()),
            line(usage.cachedTokens(), prices.cachedInput()),
            line(usage.cacheWrite5mTokens(), prices.cacheWrite5m()),
            line(usage.cacheWrite1hTokens(), prices.cacheWrite1h()),
            answered(usage, prices))
        .reduce(0, Math::addExact);
  }

  /** One line, unless the price list has reasoning apart: two lines are rounded up twice. */
  private static long answered(Usage usage, Prices prices) {
    if (prices.reasoning().compareTo(prices.output()) == 0) {
      return line(usage.completionTokens(), prices.output());
    }
    return Math.addExact(
        line(usage.completionTokens() - usage.reasoningTokens(), prices.output()),
        line(usage.reasoningTokens(), prices.reasoning()));
  }

  private static long line(long tokens, BigDecimal usdPerMillion) {
    return BigDecimal.valueOf(tokens)
        .multiply(usdPerMillion)
        .multiply(NANO_USD_PER_USD_PER_MILLION)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
