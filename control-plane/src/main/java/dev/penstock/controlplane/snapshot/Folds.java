package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.TenantPaths;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.PolicyFold;
import java.util.HashMap;
import java.util.Map;

/**
 * What binds the tenants of one state, each folded when it is first asked for: it is the same for
 * all regions. Of one thread.
 */
final class Folds {

  private final PolicyState state;
  private final TenantPaths paths;
  private final Map<String, EffectivePolicy> byTenant = new HashMap<>();

  Folds(PolicyState state) {
    this.state = state;
    paths = new TenantPaths(state);
  }

  PolicyState state() {
    return state;
  }

  EffectivePolicy of(String tenant) {
    return byTenant.computeIfAbsent(tenant, name -> PolicyFold.fold(paths.to(name)));
  }
}
