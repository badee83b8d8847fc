package dev.penstock.providersim.invoice;

/**
 * The tokens of one call.
 *
 * @param promptTokens everything that was read; {@code cachedTokens} and both kinds of cache writes
 *     are part of it
 * @param cacheWrite5mTokens written to a cache that lives five minutes, or as long as the provider
 *     keeps its only kind
 * @param cacheWrite1hTokens written to a cache that lives an hour
 * @param reasoningTokens part of {@code completionTokens}
 */
public record Usage(
    long promptTokens,
    long cachedTokens,
    long cacheWrite5mTokens,
    long cacheWrite1hTokens,
    long completionTokens,
    long reasoningTokens) {
  public Usage {
    if (promptTokens < 0 || completionTokens < 0 || reasoningTokens < 0) {
      throw new IllegalArgumentException("usage: negative tokens (expected: 0 or more)");
    }
    if (cachedTokens < 0 || cachedTokens > promptTokens) {
      throw new IllegalArgumentException(
          "usage.cachedTokens: %d (expected: 0 to promptTokens, %d)"
              .formatted(cachedTokens, promptTokens));
    }
    long writes = Math.addExact(cacheWrite5mTokens, cacheWrite1hTokens);
    if (Math.min(cacheWrite5mTokens, cacheWrite1hTokens) < 0
        || writes > promptTokens - cachedTokens) {
      throw new IllegalArgumentException(
          "usage.cacheWrite…Tokens: %d (expected: 0 to promptTokens without cachedTokens, %d)"
              .formatted(writes, promptTokens - cachedTokens));
    }
    if (reasoningTokens > completionTokens) {
      throw new IllegalArgumentException(
          "usage.reasoningTokens: %d (expected: 0 to completionTokens, %d)"
              .formatted(reasoningTokens, completionTokens));
    }
  }

  /** Of a call that wrote no cache and did not reason. */
  public Usage(long promptTokens, long cachedTokens, long completionTokens) {
    this(promptTokens, cachedTokens, 0, 0, completionTokens, 0);
  }

  /** What was read at full price. */
  public long freshTokens() {
    return promptTokens - cachedTokens - cacheWriteTokens();
  }

  public long cacheWriteTokens() {
    return cacheWrite5mTokens + cacheWrite1hTokens;
  }

  public long totalTokens() {
    return promptTokens + completionTokens;
  }

  /** The same prompt, and this much of an answer. */
  public Usage answeredWith(long completion, long reasoning) {
    return new Usage(
        promptTokens,
        cachedTokens,
        cacheWrite5mTokens,
        cacheWrite1hTokens,
        completion,
        Math.min(reasoning, completion));
  }
}
