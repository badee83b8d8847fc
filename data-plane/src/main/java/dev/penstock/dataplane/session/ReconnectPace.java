package dev.penstock.dataplane.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt, with full jitter so that a fleet does not come at once.
 *
 * <p>For the first minute of an outage a node tries about twice a second, because a restarted
 * control plane is what it waits for then; after that the bound doubles up to ten seconds.
 */
final class ReconnectPace {

  private static final Duration EAGER = Duration.ofSeconds(60);
  private static final long FIRST_MILLIS = 500;
  private static final long MAX_MILLIS = 10_000;

  private final RandomGenerator random;
  private long outageSince;
  private boolean out;
  private long bound = FIRST_MILLIS;

  ReconnectPace(RandomGenerator random) {
    this.random = random;
  }

  /** A session was opened. */
  void onOpen() {
    out = false;
    bound = FIRST_MILLIS;
  }

  /** An attempt or a session failed; the delay before the next attempt, nanoseconds. */
  long delayNanos(long now) {
    if (!out) {
      out = true;
      outageSince = now;
    } else if (now - outageSince > EAGER.toNanos()) {
      bound = Math.min(MAX_MILLIS, 2 * bound);
    }
    return Duration.ofMillis(1 + random.nextLong(bound)).toNanos();
  }
}
