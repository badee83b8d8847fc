package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import java.util.Objects;

/**
 * Where a rate limit stands on this node.
 *
 * @param share what the node may let pass of it now: requests and tokens a minute, streams at the
 *     same time
 * @param left what would be let pass at once
 */
public record LimitStanding(RateLimitRule rule, Units share, Units left) {

  public LimitStanding {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(share, "share");
    Objects.requireNonNull(left, "left");
  }
}
