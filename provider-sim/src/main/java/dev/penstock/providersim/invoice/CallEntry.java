package dev.penstock.providersim.invoice;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The line of a call that may still be running.
 *
 * <p>Written by the event loop, read by whoever asks for the invoice; every method holds the
 * monitor for a few field accesses. The first ending wins: a client that leaves because the script
 * reset its connection is not an abort.
 */
public final class CallEntry {
  private final long index;
  private final Instant startedAt = Instant.now();
  private final long startNanos = System.nanoTime();
  private final @Nullable String protocol;
  private final String method;
  private final String path;
  private final List<String> headerNames;

  private String body = "";
  private @Nullable String model;
  private boolean stream;
  private @Nullable Tariff tariff;
  private int status;
  private Outcome outcome = Outcome.OPEN;
  private @Nullable String rejection;
  private long bytesSent;
  private long chunksSent;
  private long tokensSent;
  private long reasoningSent;
  private @Nullable Long abortedAtMicros;

  CallEntry(
      long index, @Nullable String protocol, String method, String path, List<String> headerNames) {
    this.index = index;
    this.protocol = protocol;
    this.method = method;
    this.path = path;
    this.headerNames = List.copyOf(headerNames);
  }

  long index() {
    return index;
  }

  public long startNanos() {
    return startNanos;
  }

  public synchronized void body(String text) {
    body = text;
  }

  /** From here on the call costs money. */
  public synchronized void accepted(String askedModel, boolean streamed, Tariff agreed) {
    model = askedModel;
    stream = streamed;
    tariff = agreed;
  }

  public synchronized void status(int code) {
    status = code;
  }

  public synchronized void sent(long bytes) {
    bytesSent += bytes;
  }

  public synchronized void generated(long chunks, long tokens) {
    chunksSent += chunks;
    tokensSent += tokens;
  }

  /** Some of the tokens that were {@link #generated} were thoughts. */
  public synchronized void reasoned(long tokens) {
    reasoningSent += tokens;
  }

  /** What a whole answer reports, if it ends here. */
  public synchronized Usage reported(Tariff agreed) {
    return agreed.whole(tokensSent, reasoningSent);
  }

  public synchronized long bytesSent() {
    return bytesSent;
  }

  public synchronized long tokensSent() {
    return tokensSent;
  }

  public synchronized void rejected(String reason) {
    rejection = reason;
    end(Outcome.REJECTED);
  }

  public synchronized void end(Outcome how) {
    if (outcome == Outcome.OPEN) {
      outcome = how;
    }
  }

  public synchronized void clientGone() {
    if (outcome == Outcome.OPEN) {
      outcome = Outcome.ABORTED;
      abortedAtMicros = (System.nanoTime() - startNanos) / 1_000;
    }
  }

  synchronized int bodyChars() {
    return body.length();
  }

  synchronized BilledCall view() {
    @Nullable Usage usage = usage();
    long billed = usage == null || tariff == null ? 0 : Bill.nanoUsd(usage, tariff.prices());
    return new BilledCall(
        index,
        startedAt.toString(),
        protocol,
        method,
        path,
        headerNames,
        body,
        model,
        stream,
        status,
        outcome,
        rejection,
        bytesSent,
        chunksSent,
        abortedAtMicros,
        usage,
        billed);
  }

  private @Nullable Usage usage() {
    if (tariff == null) {
      return null;
    }
    return switch (outcome) {
      case COMPLETE -> tariff.whole(tokensSent, reasoningSent);
      case OPEN, ABORTED, RESET, CLOSED, BROKEN -> tariff.soFar(tokensSent, reasoningSent);
      case FAILED, REJECTED -> null;
    };
  }
}
