package dev.penstock.kernel.money;

/** The price of tokens of one kind, in nano-USD per million tokens. */
public record TokenPrice(long nanoUsdPerMillion) {

  private static final long MILLION = 1_000_000;

  public TokenPrice {
    if (nanoUsdPerMillion < 0) {
      throw new IllegalArgumentException("price: " + nanoUsdPerMillion + " (expected: >= 0)");
    }
  }

  /**
   * So many thousandths of it, rounded up.
   *
   * @throws ArithmeticException if the result does not fit in a {@code long}
   */
  TokenPrice times(long thousandths) {
    return new TokenPrice(Math.ceilDiv(Math.multiplyExact(nanoUsdPerMillion, thousandths), 1_000L));
  }

  /**
   * {@code ceil(tokens * price / 1_000_000)}, computed in 128 bits.
   *
   * @throws ArithmeticException if the result does not fit in a {@code long}
   * @throws IllegalArgumentException if {@code tokens} is negative
   */
  public NanoUsd of(long tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
    }
    // tokens = whole millions + rest: the rest's product stays below 2^63 unless the price alone is
    // above 9.2 * 10^12, which the exact operations then report.
    long whole = Math.multiplyExact(tokens / MILLION, nanoUsdPerMillion);
    long restTokens = tokens % MILLION;
    long high = Math.multiplyHigh(restTokens, nanoUsdPerMillion);
    long low = restTokens * nanoUsdPerMillion;
    return new NanoUsd(Math.addExact(whole, ceilDivMillion(high, low)));
  }

  /** Divides the unsigned 128-bit number by a million; {@code high} is below a million. */
  private static long ceilDivMillion(long high, long low) {
    // Schoolbook division in base 2^32: each step's remainder is below a million, so the next
    // dividend fits in 52 bits.
    long remainder = high;
    long upper = (remainder << 32) | (low >>> 32);
    long upperQuotient = upper / MILLION;
    remainder = upper % MILLION;
    long lower = (remainder << 32) | (low & 0xFFFF_FFFFL);
    long lowerQuotient = lower / MILLION;
    remainder = lower % MILLION;
    if (upperQuotient >>> 31 != 0) {
      throw new ArithmeticException("long overflow");
    }
    long quotient = (upperQuotient << 32) | lowerQuotient;
    return remainder == 0 ? quotient : Math.addExact(quotient, 1);
  }
}
