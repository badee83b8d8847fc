package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.region.Region;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.kernel.snapshot.PersistentMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything the platform and its tenants have stated, at one moment.
 *
 * <p>There may be very many tenants and keys, so what tenants own lies by tenant, and a state that
 * differs in some of it shares all else with the one before. {@link StateChange} tells two apart.
 *
 * @param keysByTenant revoked ones included, of each tenant the oldest first
 * @param secrets the newest version of each
 */
public record PolicyState(
    List<Region> regions,
    TenantTree tree,
    List<Secret> secrets,
    List<Provider> providers,
    List<Model> models,
    PersistentMap<String, List<Route>> routesByTenant,
    PersistentMap<String, Policy> policyByTenant,
    PersistentMap<String, List<StoredKey>> keysByTenant,
    PersistentMap<String, List<Budget>> budgetsByTenant,
    PersistentMap<String, List<RateLimit>> rateLimitsByTenant,
    PersistentMap<String, List<StatedGuard>> guardsByTenant,
    PersistentMap<String, List<Member>> membersByTenant) {

  public PolicyState {
    regions = List.copyOf(regions);
    Objects.requireNonNull(tree, "tree");
    secrets = List.copyOf(secrets);
    providers = List.copyOf(providers);
    models = List.copyOf(models);
    Objects.requireNonNull(routesByTenant, "routesByTenant");
    Objects.requireNonNull(policyByTenant, "policyByTenant");
    Objects.requireNonNull(keysByTenant, "keysByTenant");
    Objects.requireNonNull(budgetsByTenant, "budgetsByTenant");
    Objects.requireNonNull(rateLimitsByTenant, "rateLimitsByTenant");
    Objects.requireNonNull(guardsByTenant, "guardsByTenant");
    Objects.requireNonNull(membersByTenant, "membersByTenant");
  }

  /** A state of lists, each in the order in which it was read. */
  public static PolicyState of(
      List<Region> regions,
      List<Tenant> tenants,
      List<Secret> secrets,
      List<Provider> providers,
      List<Model> models,
      List<Route> routes,
      List<Policy> policies,
      List<StoredKey> keys,
      List<Budget> budgets,
      List<RateLimit> rateLimits,
      List<StatedGuard> guards,
      List<Member> members) {
    return new PolicyState(
        regions,
        new TenantTree(tenants),
        secrets,
        providers,
        models,
        byTenant(routes, Route::tenant),
        PersistentMap.copyOf(
            policies.stream().collect(Collectors.toMap(Policy::tenant, Function.identity()))),
        byTenant(keys, StoredKey::tenant),
        byTenant(budgets, Budget::tenant),
        byTenant(rateLimits, RateLimit::tenant),
        byTenant(guards, StatedGuard::tenant),
        byTenant(members, Member::tenant));
  }

  /** Resources by their owners, in the order in which they come. */
  static <R> PersistentMap<String, List<R>> byTenant(List<R> resources, Function<R, String> owner) {
    Map<String, List<R>> lists =
        resources.stream().collect(Collectors.groupingBy(owner, Collectors.toUnmodifiableList()));
    return PersistentMap.copyOf(lists);
  }

  /** All tenants, in no order. */
  public Collection<Tenant> tenants() {
    return tree.byName().values();
  }

  /** All routes; of each tenant in the order of their names, as everything but keys is. */
  public List<Route> routes() {
    return all(routesByTenant);
  }

  public List<Route> routesOf(String tenant) {
    return routesByTenant.getOrDefault(tenant, List.of());
  }

  /** What a tenant states. */
  public Optional<Policy> policyOf(String tenant) {
    return Optional.ofNullable(policyByTenant.get(tenant));
  }

  /** All keys, revoked ones included; of each tenant the oldest first. */
  public List<StoredKey> keys() {
    return all(keysByTenant);
  }

  /** Keys of a tenant, revoked ones included, the oldest first. */
  public List<StoredKey> keysOf(String tenant) {
    return keysByTenant.getOrDefault(tenant, List.of());
  }

  public List<Budget> budgets() {
    return all(budgetsByTenant);
  }

  public List<Budget> budgetsOf(String tenant) {
    return budgetsByTenant.getOrDefault(tenant, List.of());
  }

  public List<RateLimit> rateLimits() {
    return all(rateLimitsByTenant);
  }

  public List<RateLimit> rateLimitsOf(String tenant) {
    return rateLimitsByTenant.getOrDefault(tenant, List.of());
  }

  public List<StatedGuard> guards() {
    return all(guardsByTenant);
  }

  public List<StatedGuard> guardsOf(String tenant) {
    return guardsByTenant.getOrDefault(tenant, List.of());
  }

  public List<Member> membersOf(String tenant) {
    return membersByTenant.getOrDefault(tenant, List.of());
  }

  private static <R> List<R> all(PersistentMap<String, List<R>> byTenant) {
    return byTenant.values().stream().flatMap(List::stream).toList();
  }
}
