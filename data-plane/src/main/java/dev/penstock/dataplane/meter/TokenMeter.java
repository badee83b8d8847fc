package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.kernel.money.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * Counts one call. The provider's own count is right where there is one; without it the input is
 * estimated at a token for every four bytes and the output at a token for every content event.
 * Owned by one exchange.
 */
public final class TokenMeter {

  private static final int BYTES_PER_TOKEN = 4;

  private final int requestBytes;
  private long contentEvents;
  private @Nullable Tokens reported;
  private boolean outputReported;

  public TokenMeter(int requestBytes) {
    this.requestBytes = requestBytes;
  }

  /** An event with content passed. */
  public void contentEvent() {
    contentEvents++;
  }

  /** The provider reported; a later report replaces an earlier one. */
  public void reported(Tokens tokens) {
    reported = tokens;
    outputReported = true;
  }

  /** The provider reported what it read, and not yet what it wrote. */
  public void inputReported(Tokens tokens) {
    reported = tokens;
  }

  /** What the provider has reported so far. */
  public @Nullable Tokens reported() {
    return reported;
  }

  /** A whole answer of so many bytes came without the provider's count. */
  public void estimatedOutput(int answerBytes) {
    contentEvents = Math.ceilDiv(answerBytes, BYTES_PER_TOKEN);
  }

  /** Content events so far. */
  public long outputSoFar() {
    return contentEvents;
  }

  public Usage usage() {
    if (reported == null) {
      return new Usage(
          Tokens.of(estimateInput(requestBytes), contentEvents), UsageSource.ESTIMATED);
    }
    return outputReported
        ? new Usage(reported, UsageSource.PROVIDER)
        : new Usage(withOutput(reported, contentEvents), UsageSource.PARTIAL);
  }

  private static Tokens withOutput(Tokens input, long output) {
    return new Tokens(
        input.input(),
        input.cacheRead(),
        input.cacheWrite5m(),
        input.cacheWrite1h(),
        input.audioInput(),
        output,
        0,
        0);
  }

  /** What a request of so many bytes is taken for. */
  public static long estimateInput(int requestBytes) {
    return Math.ceilDiv(requestBytes, BYTES_PER_TOKEN);
  }
}
