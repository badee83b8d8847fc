package dev.penstock.dataplane.policy;

import dev.penstock.dataplane.snapshot.Freshness;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * Whether what the node would decide by is too old: a tenant may have been narrowed, or a key
 * revoked, without the node knowing. Decided at admission; what runs already goes on.
 */
public final class Staleness {

  private final Freshness freshness;
  private final Duration most;

  /**
   * @param most for every tenant; its own limit can only be shorter
   */
  public Staleness(Freshness freshness, Duration most) {
    this.freshness = Objects.requireNonNull(freshness, "freshness");
    this.most = Objects.requireNonNull(most, "most");
  }

  /** Whether a tenant may not be served now. */
  public boolean isTooGreat(TenantPolicy tenant) {
    return freshness.age(tenant.tenant()).compareTo(limit(tenant)) > 0;
  }

  private Duration limit(TenantPolicy tenant) {
    return tenant.policy().maxStaleness().filter(own -> own.compareTo(most) < 0).orElse(most);
  }

  /** How many tenants may not be served now. */
  public long tenantsRefused(PolicyContent content) {
    return content.tenants().values().stream().filter(this::isTooGreat).count();
  }
}
