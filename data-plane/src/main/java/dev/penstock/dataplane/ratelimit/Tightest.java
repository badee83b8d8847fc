package dev.penstock.dataplane.ratelimit;

import dev.penstock.dataplane.dialect.Allowance;
import dev.penstock.dataplane.dialect.Allowance.Left;
import dev.penstock.dataplane.ratelimit.Meter.Standing;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Of all limits that bind an exchange those that leave the fewest requests and tokens. */
final class Tightest {

  private @Nullable Left requests;
  private @Nullable Left tokens;

  void add(RateLimitRule rule, Standing standing) {
    if (rule.requestsPerMinute() > 0) {
      requests =
          tighter(
              requests,
              rule.requestsPerMinute(),
              standing.requestsLeft(),
              standing.requestsUntilFullNanos());
    }
    if (rule.tokensPerMinute() > 0) {
      tokens =
          tighter(
              tokens,
              rule.tokensPerMinute(),
              standing.tokensLeft(),
              standing.tokensUntilFullNanos());
    }
  }

  private static Left tighter(
      @Nullable Left before, long perMinute, long left, long untilFullNanos) {
    return before != null && before.left() <= left
        ? before
        : new Left(perMinute, left, Duration.ofNanos(untilFullNanos));
  }

  /** Empty where nothing is counted but streams, of which no dialect tells. */
  Optional<Allowance> at(Instant instant) {
    return requests == null && tokens == null
        ? Optional.empty()
        : Optional.of(
            new Allowance(instant, Optional.ofNullable(requests), Optional.ofNullable(tokens)));
  }
}
