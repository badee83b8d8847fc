package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the tenants on each path state, root first: the input of the fold. */
public final class TenantPaths {

  private final PolicyState state;

  public TenantPaths(PolicyState state) {
    this.state = state;
  }

  /** From the root down to a tenant; empty if there is no such tenant. */
  public List<TenantRules> to(String tenant) {
    return state.tree().path(tenant).stream().map(this::rulesOf).toList();
  }

  private Set<String> guardsOf(String tenant) {
    return state.guardsOf(tenant).stream().map(StatedGuard::name).collect(Collectors.toSet());
  }

  private TenantRules rulesOf(Tenant tenant) {
    return new TenantRules(
        tenant.name(),
        tenant.tags(),
        new HashSet<>(tenant.requiredTags()),
        state.policyOf(tenant.name()).map(Policy::rules).orElse(PolicyRules.NONE),
        tenant.suspended(),
        guardsOf(tenant.name()));
  }
}
