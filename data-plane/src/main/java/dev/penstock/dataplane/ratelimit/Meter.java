package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.rate.RateBucket;
import java.util.Optional;

/** What has been used of this node's share of one limit. All event loops ask it: hence the lock. */
final class Meter {

  private final RateBucket requests;
  private final RateBucket tokens;
  private long streams;
  private long lastUsedNanos;
  private boolean retired;

  Meter(long nowNanos) {
    requests = new RateBucket(nowNanos);
    tokens = new RateBucket(nowNanos);
    lastUsedNanos = nowNanos;
  }

  /** This node's share of a limit; 0 stands for no limit. */
  record Share(long requestsPerMinute, long tokensPerMinute, long streams) {}

  /** What a limit is short of. */
  enum Shortage {
    REQUESTS,
    TOKENS,
    STREAMS
  }

  /**
   * Why there is no room.
   *
   * @param waitNanos until there could be; 0 where nobody knows
   */
  record Refused(Shortage shortage, long waitNanos) {}

  /** Takes one request, its tokens and a stream, or nothing. */
  synchronized Optional<Refused> take(long nowNanos, Share share, long tokenCount) {
    lastUsedNanos = nowNanos;
    if (share.streams() > 0 && streams >= share.streams()) {
      return Optional.of(new Refused(Shortage.STREAMS, 0));
    }
    if (share.requestsPerMinute() > 0) {
      long wait = requests.take(nowNanos, 1, share.requestsPerMinute());
      if (wait > 0) {
        return Optional.of(new Refused(Shortage.REQUESTS, wait));
      }
    }
    if (share.tokensPerMinute() > 0) {
      long wait = tokens.take(nowNanos, tokenCount, share.tokensPerMinute());
      if (wait > 0) {
        untakeRequest(nowNanos, share);
        return Optional.of(new Refused(Shortage.TOKENS, wait));
      }
    }
    streams++;
    return Optional.empty();
  }

  /** What the share leaves; zeros where it counts no such thing. */
  record Standing(
      long requestsLeft, long requestsUntilFullNanos, long tokensLeft, long tokensUntilFullNanos) {}

  synchronized Standing standing(long nowNanos, Share share) {
    boolean countsRequests = share.requestsPerMinute() > 0;
    boolean countsTokens = share.tokensPerMinute() > 0;
    return new Standing(
        countsRequests ? requests.left(nowNanos, share.requestsPerMinute()) : 0,
        countsRequests ? requests.untilFullNanos(nowNanos) : 0,
        countsTokens ? tokens.left(nowNanos, share.tokensPerMinute()) : 0,
        countsTokens ? tokens.untilFullNanos(nowNanos) : 0);
  }

  /** Another limit had no room: as if it had not been asked. */
  synchronized void untake(long nowNanos, Share share, long tokenCount) {
    untakeRequest(nowNanos, share);
    give(nowNanos, share, -taken(share, tokenCount));
  }

  /**
   * The exchange is over.
   *
   * @param tokenCount what was taken for it
   * @param actualTokens what it used
   */
  synchronized void leave(long nowNanos, Share share, long tokenCount, long actualTokens) {
    give(nowNanos, share, actualTokens - taken(share, tokenCount));
  }

  private void untakeRequest(long nowNanos, Share share) {
    if (share.requestsPerMinute() > 0) {
      requests.correct(nowNanos, -1, share.requestsPerMinute());
    }
  }

  private void give(long nowNanos, Share share, long moreTokens) {
    streams--;
    if (share.tokensPerMinute() > 0) {
      tokens.correct(nowNanos, moreTokens, share.tokensPerMinute());
    }
  }

  /** As the bucket counts what is beyond a minute's. */
  private static long taken(Share share, long tokenCount) {
    return Math.min(tokenCount, share.tokensPerMinute());
  }

  /** Retires if nobody uses it and it would be as good as new; then it may be forgotten. */
  synchronized boolean retire(long nowNanos, long idleNanos) {
    retired = streams == 0 && nowNanos - lastUsedNanos > idleNanos;
    return retired;
  }

  synchronized boolean retired() {
    return retired;
  }
}
