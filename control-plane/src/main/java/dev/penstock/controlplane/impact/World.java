package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.TenantPaths;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.PolicyFold;
import dev.penstock.kernel.policy.TenantRules;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A state, laid out so that one can be held against another. */
final class World {

  private final SortedMap<String, Tenant> tenants = new TreeMap<>();
  private final SortedMap<String, EffectivePolicy> policies = new TreeMap<>();
  private final Map<ResourceRef, Budget> budgets;
  private final Map<ResourceRef, RateLimit> rateLimits;
  private final Map<ResourceRef, StatedGuard> guards;
  private final Map<ResourceRef, StoredKey> keys;
  private final Map<ResourceRef, Secret> secrets;
  private final Map<ResourceRef, Route> routes;
  private final Map<String, Model> models;
  private final Map<String, Provider> providers;

  World(PolicyState state) {
    TenantPaths paths = new TenantPaths(state);
    for (Tenant tenant : state.tenants()) {
      tenants.put(tenant.name(), tenant);
      List<TenantRules> path = paths.to(tenant.name());
      if (!path.isEmpty()) {
        policies.put(tenant.name(), PolicyFold.fold(path));
      }
    }
    budgets = index(state.budgets(), b -> ResourceRef.ofTenant(Kind.BUDGET, b.tenant(), b.name()));
    rateLimits =
        index(state.rateLimits(), l -> ResourceRef.ofTenant(Kind.RATE_LIMIT, l.tenant(), l.name()));
    guards = index(state.guards(), g -> ResourceRef.ofTenant(Kind.GUARD, g.tenant(), g.name()));
    keys =
        index(
            state.keys().stream().filter(key -> !key.revoked() && !key.superseded()).toList(),
            k -> ResourceRef.ofTenant(Kind.API_KEY, k.tenant(), k.name()));
    secrets = index(state.secrets(), s -> ResourceRef.ofTenant(Kind.SECRET, s.tenant(), s.name()));
    routes = index(state.routes(), r -> ResourceRef.ofTenant(Kind.ROUTE, r.tenant(), r.name()));
    models = index(state.models(), Model::name);
    providers = index(state.providers(), Provider::name);
  }

  private static <K, V> Map<K, V> index(List<V> values, Function<V, K> key) {
    return values.stream().collect(Collectors.toMap(key, Function.identity()));
  }

  SortedMap<String, Tenant> tenants() {
    return tenants;
  }

  SortedMap<String, EffectivePolicy> policies() {
    return policies;
  }

  Map<ResourceRef, Budget> budgets() {
    return budgets;
  }

  Map<ResourceRef, RateLimit> rateLimits() {
    return rateLimits;
  }

  Map<ResourceRef, StatedGuard> guards() {
    return guards;
  }

  /** Whose requests pass a guard. */
  SortedSet<String> guardedBy(ResourceRef guard) {
    return policies.entrySet().stream()
        .filter(entry ->
            entry.getValue().guards().stream()
                .anyMatch(
                    ref -> ref.tenant().equals(guard.owner()) && ref.name().equals(guard.name())))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Live ones, by their names; those with a successor no longer have one. */
  Map<ResourceRef, StoredKey> keys() {
    return keys;
  }

  Map<ResourceRef, Secret> secrets() {
    return secrets;
  }

  Map<ResourceRef, Route> routes() {
    return routes;
  }

  Map<String, Model> models() {
    return models;
  }

  Map<String, Provider> providers() {
    return providers;
  }

  /** The tenant itself and all below it. */
  SortedSet<String> subtree(String tenant) {
    return policies.values().stream()
        .map(EffectivePolicy::tenantPath)
        .filter(path -> path.contains(tenant))
        .map(List::getLast)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Who may use a model. */
  SortedSet<String> usersOf(String model) {
    return policies.entrySet().stream()
        .filter(entry -> entry.getValue().allowedModels().contains(model))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
