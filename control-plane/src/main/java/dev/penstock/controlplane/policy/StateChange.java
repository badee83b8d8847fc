package dev.penstock.controlplane.policy;

import dev.penstock.kernel.snapshot.PersistentMap;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Where two states differ. What they share is not looked at, so it costs little where one was made
 * of the other.
 *
 * @param tenants names of tenants that are new, gone or changed themselves
 * @param routes tenants whose routes differ; the same for what follows
 */
public record StateChange(
    boolean regions,
    boolean secrets,
    boolean providers,
    boolean models,
    Set<String> tenants,
    Set<String> routes,
    Set<String> policies,
    Set<String> keys,
    Set<String> budgets,
    Set<String> rateLimits,
    Set<String> guards,
    Set<String> members) {

  public static StateChange between(PolicyState before, PolicyState after) {
    return new StateChange(
        !before.regions().equals(after.regions()),
        !before.secrets().equals(after.secrets()),
        !before.providers().equals(after.providers()),
        !before.models().equals(after.models()),
        changed(before.tree().byName(), after.tree().byName()),
        changed(before.routesByTenant(), after.routesByTenant()),
        changed(before.policyByTenant(), after.policyByTenant()),
        changed(before.keysByTenant(), after.keysByTenant()),
        changed(before.budgetsByTenant(), after.budgetsByTenant()),
        changed(before.rateLimitsByTenant(), after.rateLimitsByTenant()),
        changed(before.guardsByTenant(), after.guardsByTenant()),
        changed(before.membersByTenant(), after.membersByTenant()));
  }

  /** What was read anew and is the same does not count. */
  private static <V> Set<String> changed(
      PersistentMap<String, V> before, PersistentMap<String, V> after) {
    Set<String> names = new HashSet<>(before.changedKeys(after));
    names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    return names;
  }

  /** Whether anything that tenants share differs. */
  public boolean catalogue() {
    return secrets || providers || models;
  }
}
