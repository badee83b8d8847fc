package dev.penstock.providersim.invoice;

import java.math.BigDecimal;

/**
 * What a model costs, in decimal USD per million tokens.
 *
 * <p>Nine decimals at most: finer prices have no whole number of nano-USD per million tokens, which
 * is the unit Penstock counts in, and the two invoices could then never agree. Bounded, like the
 * usage a script may claim, so that no bill leaves 64 bits.
 */
public record Prices(
    BigDecimal input,
    BigDecimal cachedInput,
    BigDecimal cacheWrite5m,
    BigDecimal cacheWrite1h,
    BigDecimal output,
    BigDecimal reasoning) {
  private static final int FINEST_SCALE = 9;
  private static final BigDecimal DEAREST = new BigDecimal("100000");

  /** Used for every model whose script names no prices. */
  public static final Prices DEFAULT =
      new Prices(new BigDecimal("2.50"), new BigDecimal("1.25"), new BigDecimal("10.00"));

  /** Of what providers answer without charge. */
  public static final Prices FREE = new Prices(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  public Prices {
    check("input", input);
    check("cachedInput", cachedInput);
    check("cacheWrite5m", cacheWrite5m);
    check("cacheWrite1h", cacheWrite1h);
    check("output", output);
    check("reasoning", reasoning);
  }

  /** Of a provider that writes caches at the price of reading, and reasons at that of speaking. */
  public Prices(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
    this(input, cachedInput, input, input, output, output);
  }

  private static void check(String name, BigDecimal price) {
    if (price.signum() < 0 || price.compareTo(DEAREST) > 0) {
      throw new IllegalArgumentException(
          "prices.%s: %s (expected: 0 to %s USD per million tokens)"
              .formatted(name, price.toPlainString(), DEAREST));
    }
    if (price.stripTrailingZeros().scale() > FINEST_SCALE) {
      throw new IllegalArgumentException(
          "prices.%s: %s (expected: at most %d decimals)"
              .formatted(name, price.toPlainString(), FINEST_SCALE));
    }
  }
}
