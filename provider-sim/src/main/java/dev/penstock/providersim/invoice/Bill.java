package dev.penstock.providersim.invoice;

import java.math.BigDecimal;
import java.math.RoundingMode;

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
    long fresh = usage.promptTokens() - usage.cachedTokens();
    return Math.addExact(
        Math.addExact(
            line(fresh, prices.input()), line(usage.cachedTokens(), prices.cachedInput())),
        line(usage.completionTokens(), prices.output()));
  }

  private static long line(long tokens, BigDecimal usdPerMillion) {
    return BigDecimal.valueOf(tokens)
        .multiply(usdPerMillion)
        .multiply(NANO_USD_PER_USD_PER_MILLION)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
