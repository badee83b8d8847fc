package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.region.Region;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.snapshot.PersistentMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything the platform and its tenants have stated, at one moment.
 *
 * <p>There may be very many keys, so a state that differs in a few of them shares all others with
 * the one before.
 *
 * @param keysByTenant revoked ones included, of each tenant the oldest first
 * @param secrets the newest version of each
 */
public record PolicyState(
    List<Region> regions,
    List<Tenant> tenants,
    List<Secret> secrets,
    List<Provider> providers,
    List<Model> models,
    List<Route> routes,
    List<Policy> policies,
    PersistentMap<String, List<StoredKey>> keysByTenant,
    List<Budget> budgets,
    List<Member> members) {

  public PolicyState {
    regions = List.copyOf(regions);
    tenants = List.copyOf(tenants);
    secrets = List.copyOf(secrets);
    providers = List.copyOf(providers);
    models = List.copyOf(models);
    routes = List.copyOf(routes);
    policies = List.copyOf(policies);
    Objects.requireNonNull(keysByTenant, "keysByTenant");
    budgets = List.copyOf(budgets);
    members = List.copyOf(members);
  }

  /** Keys by their tenants, in the order in which they come. */
  public static PersistentMap<String, List<StoredKey>> byTenant(List<StoredKey> keys) {
    return PersistentMap.copyOf(keys.stream().collect(Collectors.groupingBy(StoredKey::tenant)));
  }

  /** All keys, revoked ones included; of each tenant the oldest first. */
  public List<StoredKey> keys() {
    return keysByTenant.values().stream().flatMap(List::stream).toList();
  }

  /** Keys of a tenant, revoked ones included, the oldest first. */
  public List<StoredKey> keysOf(String tenant) {
    return keysByTenant.getOrDefault(tenant, List.of());
  }

  /** This with other keys. */
  public PolicyState withKeys(PersistentMap<String, List<StoredKey>> others) {
    return new PolicyState(
        regions, tenants, secrets, providers, models, routes, policies, others, budgets, members);
  }

  /** Tenants whose keys are others in another state; empty if anything else differs, too. */
  public Optional<Set<String>> differsInKeysOf(PolicyState other) {
    return withKeys(other.keysByTenant).equals(other)
        ? Optional.of(keysByTenant.changedKeys(other.keysByTenant))
        : Optional.empty();
  }
}
