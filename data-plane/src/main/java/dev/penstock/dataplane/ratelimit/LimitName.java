package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import java.util.Objects;

/**
 * What a limit is called.
 *
 * @param tenant whose it is
 */
public record LimitName(String tenant, String name) {

  /** Not a tenant's: the part of every limit's reserve that a node has. */
  static final LimitName RESERVE = new LimitName("", "");

  public LimitName {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
  }

  static LimitName of(RateLimitRule rule) {
    return new LimitName(rule.tenant(), rule.name());
  }
}
