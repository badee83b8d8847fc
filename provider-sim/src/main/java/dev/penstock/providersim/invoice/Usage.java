package dev.penstock.providersim.invoice;

/** The tokens of one call; {@code cachedTokens} are part of {@code promptTokens}. */
public record Usage(long promptTokens, long cachedTokens, long completionTokens) {
  public Usage {
    if (promptTokens < 0 || completionTokens < 0) {
      throw new IllegalArgumentException("usage: negative tokens (expected: 0 or more)");
    }
    if (cachedTokens < 0 || cachedTokens > promptTokens) {
      throw new IllegalArgumentException(
          "usage.cachedTokens: %d (expected: 0 to promptTokens, %d)"
              .formatted(cachedTokens, promptTokens));
    }
  }
}
