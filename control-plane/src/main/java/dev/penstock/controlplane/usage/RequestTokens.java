package dev.penstock.controlplane.usage;

import dev.penstock.kernel.money.Tokens;

/**
 * What a call used, as its record shows it. The counts of caches and of audio are parts of input
 * and output, {@code cacheWrite1h} one of {@code cacheWrite}.
 */
public record RequestTokens(
    long input,
    long cacheRead,
    long cacheWrite,
    long cacheWrite1h,
    long audioInput,
    long output,
    long reasoning,
    long audioOutput) {

  static final RequestTokens NONE = new RequestTokens(0, 0, 0, 0, 0, 0, 0, 0);

  /** The counts of the kernel, as records show them. */
  public static RequestTokens of(Tokens tokens) {
    return new RequestTokens(
        tokens.input(),
        tokens.cacheRead(),
        tokens.cacheWrite(),
        tokens.cacheWrite1h(),
        tokens.audioInput(),
        tokens.output(),
        tokens.reasoning(),
        tokens.audioOutput());
  }
}
