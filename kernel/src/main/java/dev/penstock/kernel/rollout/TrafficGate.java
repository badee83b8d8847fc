package dev.penstock.kernel.rollout;

import java.util.Locale;
import java.util.Optional;

/**
 * Whether requests fare worse under a revision than they did before it. With few requests a share
 * says nothing, so nothing is said.
 */
public final class TrafficGate {

  /** With fewer requests than this, before or now, the gate lets pass. */
  public static final long MIN_REQUESTS = 200;

  /** By how many of a hundred requests more may be denied, or fail, than before. */
  public static final long MAX_RISE_POINTS = 2;

  private static final long HUNDRED = 100;

  private TrafficGate() {}

  /** What is worse, as a sentence; empty where nothing is. */
  public static Optional<String> objection(Traffic before, Traffic now) {
    if (before.requests() < MIN_REQUESTS || now.requests() < MIN_REQUESTS) {
      return Optional.empty();
    }
    if (rises(before.failed(), before.requests(), now.failed(), now.requests())) {
      return Optional.of(sentence("failed", before.failed(), now.failed(), before, now));
    }
    return rises(before.denied(), before.requests(), now.denied(), now.requests())
        ? Optional.of(sentence("were denied", before.denied(), now.denied(), before, now))
        : Optional.empty();
  }

  /** now / of - before / ofBefore > points / 100, without a division. */
  private static boolean rises(long before, long ofBefore, long now, long of) {
    return HUNDRED * (now * ofBefore - before * of) > MAX_RISE_POINTS * of * ofBefore;
  }

  private static String sentence(String what, long then, long since, Traffic before, Traffic now) {
    return String.format(
        Locale.ROOT,
        "%.1f %% of %d requests %s, before it were %.1f %% of %d",
        HUNDRED * (double) since / now.requests(),
        now.requests(),
        what,
        HUNDRED * (double) then / before.requests(),
        before.requests());
  }
}
