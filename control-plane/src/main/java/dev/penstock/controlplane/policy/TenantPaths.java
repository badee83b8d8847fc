package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the tenants on each path state, root first: the input of the fold. */
public final class TenantPaths {

  private final TenantTree tree;
  private final Map<String, PolicyRules> rulesByTenant;

  public TenantPaths(PolicyState state) {
    tree = new TenantTree(state.tenants());
    rulesByTenant =
        state.policies().stream().collect(Collectors.toMap(Policy::tenant, Policy::rules));
  }

  /** From the root down to a tenant; empty if there is no such tenant. */
  public List<TenantRules> to(String tenant) {
    return tree.path(tenant).stream().map(this::rulesOf).toList();
  }

  private TenantRules rulesOf(Tenant tenant) {
    return new TenantRules(
        tenant.name(),
        tenant.tags(),
        new HashSet<>(tenant.requiredTags()),
        rulesByTenant.getOrDefault(tenant.name(), PolicyRules.NONE),
        tenant.suspended());
  }
}
