package dev.penstock.kernel.money;

/**
 * Token counts of one call. {@code cacheRead}, {@code cacheWrite5m}, {@code cacheWrite1h} and
 * {@code audioInput} are parts of {@code input}; {@code reasoning} and {@code audioOutput} are
 * parts of {@code output}.
 *
 * @param cacheWrite5m input that the provider keeps for five minutes, or for as long as it likes
 * @param cacheWrite1h input that it keeps for an hour
 */
public record Tokens(
    long input,
    long cacheRead,
    long cacheWrite5m,
    long cacheWrite1h,
    long audioInput,
    long output,
    long reasoning,
    long audioOutput) {

  public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

  public Tokens {
    if (Math.min(Math.min(input, cacheRead), Math.min(cacheWrite5m, cacheWrite1h)) < 0
        || Math.min(Math.min(audioInput, output), Math.min(reasoning, audioOutput)) < 0) {
      throw new IllegalArgumentException("tokens must not be negative");
    }
    long ofInput =
        Math.addExact(
            Math.addExact(cacheRead, audioInput), Math.addExact(cacheWrite5m, cacheWrite1h));
    if (ofInput > input || Math.addExact(reasoning, audioOutput) > output) {
      throw new IllegalArgumentException("a part is larger than its whole");
    }
  }

  /** Counts of a call without audio, whose cache is kept for five minutes. */
  public Tokens(long input, long cacheRead, long cacheWrite, long output, long reasoning) {
    this(input, cacheRead, cacheWrite, 0, 0, output, reasoning, 0);
  }

  /** Input and output without any detail. */
  public static Tokens of(long input, long output) {
    return new Tokens(input, 0, 0, output, 0);
  }

  /** What the provider has taken into its cache, for however long. */
  public long cacheWrite() {
    return cacheWrite5m + cacheWrite1h;
  }
}
