package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.rate.Units;
import java.util.concurrent.TimeUnit;

/** What has been asked of one limit here since the node asked for its share of it. */
final class Demand {

  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** What comes at once is not taken for what comes all the time. */
  private static final long LEAST_SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long requests;
  private long tokens;
  private long mostStreams;
  private long sinceNanos;
  private Units before = Units.NONE;

  Demand(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /**
   * An exchange has come.
   *
   * @param streams that would run with it
   */
  void came(long tokenCount, long streams) {
    requests++;
    tokens += tokenCount;
    mostStreams = Math.max(mostStreams, streams);
  }

  /** An exchange turns out to use so much more. */
  void turnedOut(long moreTokens) {
    tokens += Math.max(0, moreTokens);
  }

  boolean isNone() {
    return requests == 0;
  }

  /** What the node could use: half as much again as came, and no less than half of what it was. */
  Units want(long nowNanos, long streamsNow) {
    long span = Math.max(LEAST_SPAN_NANOS, nowNanos - sinceNanos);
    long streams = Math.max(mostStreams, streamsNow);
    Units came =
        new Units(
            withRoom(perMinute(requests, span)),
            withRoom(perMinute(tokens, span)),
            streams == 0 ? 0 : withRoom(streams));
    return came.atLeast(
        new Units(before.requests() / 2, before.tokens() / 2, before.streams() / 2));
  }

  private static long perMinute(long count, long spanNanos) {
    return Math.ceilDiv(count * (MINUTE_NANOS / 1_000), spanNanos / 1_000);
  }

  private static long withRoom(long units) {
    return units + Math.ceilDiv(units, 2L);
  }

  /** The node has asked. */
  void told(Units want, long nowNanos) {
    before = want;
    requests = 0;
    tokens = 0;
    mostStreams = 0;
    sinceNanos = nowNanos;
  }
}
