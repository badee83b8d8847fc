package dev.penstock.kernel.money;

/**
 * Token counts of one call. {@code cacheRead} and {@code cacheWrite} are parts of {@code input};
 * {@code reasoning} is a part of {@code output}.
 */
public record Tokens(long input, long cacheRead, long cacheWrite, long output, long reasoning) {

  public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

  public Tokens {
    if (input < 0 || cacheRead < 0 || cacheWrite < 0 || output < 0 || reasoning < 0) {
      throw new IllegalArgumentException("tokens must not be negative");
    }
    if (cacheRead + cacheWrite > input || reasoning > output) {
      throw new IllegalArgumentException("a part is larger than its whole");
    }
  }

  /** Input and output without any detail. */
  public static Tokens of(long input, long output) {
    return new Tokens(input, 0, 0, output, 0);
  }
}
