package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.Budgets;
import dev.penstock.controlplane.catalogue.Models;
import dev.penstock.controlplane.guard.Guards;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.member.Members;
import dev.penstock.controlplane.provider.Providers;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.ratelimit.RateLimits;
import dev.penstock.controlplane.region.Regions;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.route.Routes;
import dev.penstock.controlplane.secret.Secrets;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.controlplane.tenant.Tenants;
import dev.penstock.kernel.snapshot.PersistentMap;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** Reads the whole state; in a transaction it sees what that has written. */
@Singleton
public class PolicyStates {

  /** From so many owners on a kind is read as a whole: one query instead of one for each. */
  private static final int MANY = 200;

  private final Session session;
  private final Regions regions;
  private final Tenants tenants;
  private final Secrets secrets;
  private final Providers providers;
  private final Models models;
  private final Routes routes;
  private final Policies policies;
  private final ApiKeys keys;
  private final Budgets budgets;
  private final RateLimits rateLimits;
  private final Guards guards;
  private final Members members;

  // One parameter a kind: this is the one place where all kinds come together.
  PolicyStates(
      Session session,
      Regions regions,
      Tenants tenants,
      Secrets secrets,
      Providers providers,
      Models models,
      Routes routes,
      Policies policies,
      ApiKeys keys,
      Budgets budgets,
      RateLimits rateLimits,
      Guards guards,
      Members members) {
    this.session = session;
    this.regions = regions;
    this.tenants = tenants;
    this.secrets = secrets;
    this.providers = providers;
    this.models = models;
    this.routes = routes;
    this.policies = policies;
    this.keys = keys;
    this.budgets = budgets;
    this.rateLimits = rateLimits;
    this.guards = guards;
    this.members = members;
  }

  /** Everything, as the rows say. */
  public PolicyState load() {
    session.flush();
    return PolicyState.of(
        all(regions.store()),
        all(tenants.store()),
        all(secrets.store()),
        all(providers.store()),
        all(models.store()),
        all(routes.store()),
        all(policies.store()),
        all(keys.store()),
        all(budgets.store()),
        all(rateLimits.store()),
        all(guards.store()),
        all(members.store()));
  }

  /**
   * Forgets the rows once they are records: otherwise each further query would look at a hundred
   * thousand rows for changes.
   */
  private <R> List<R> all(Store<R> store) {
    List<R> all = store.all();
    session.clear();
    return all;
  }

  /**
   * A state that was read before, with what has changed since.
   *
   * @param touched of each kind that may have changed, the owners of what has, or of what the
   *     platform owns the names
   */
  public PolicyState refresh(PolicyState known, Map<Kind, Set<String>> touched) {
    return new PolicyState(
        touched.containsKey(Kind.REGION) ? regions.store().all() : known.regions(),
        tree(known.tree(), touched.getOrDefault(Kind.TENANT, Set.of())),
        touched.containsKey(Kind.SECRET) ? secrets.store().all() : known.secrets(),
        touched.containsKey(Kind.PROVIDER) ? providers.store().all() : known.providers(),
        touched.containsKey(Kind.MODEL) ? models.store().all() : known.models(),
        lists(known.routesByTenant(), touched, routes.store(), Route::tenant),
        policies(known.policyByTenant(), touched.getOrDefault(Kind.POLICY, Set.of())),
        keysOf(known.keysByTenant(), touched.getOrDefault(Kind.API_KEY, Set.of())),
        lists(known.budgetsByTenant(), touched, budgets.store(), Budget::tenant),
        lists(known.rateLimitsByTenant(), touched, rateLimits.store(), RateLimit::tenant),
        lists(known.guardsByTenant(), touched, guards.store(), StatedGuard::tenant),
        lists(known.membersByTenant(), touched, members.store(), Member::tenant));
  }

  private TenantTree tree(TenantTree known, Set<String> names) {
    if (names.size() > MANY) {
      return new TenantTree(tenants.store().all());
    }
    List<Tenant> read =
        names.stream()
            .flatMap(
                name -> tenants.store().find(ResourceRef.ofPlatform(Kind.TENANT, name)).stream())
            .toList();
    return names.isEmpty() ? known : known.with(read, names);
  }

  private PersistentMap<String, Policy> policies(
      PersistentMap<String, Policy> known, Set<String> owners) {
    Map<String, Policy> read =
        (owners.size() > MANY
                ? policies.store().all().stream().filter(each -> owners.contains(each.tenant()))
                : owners.stream()
                    .flatMap(owner ->
                        policies
                            .store()
                            .find(ResourceRef.ofTenant(Kind.POLICY, owner, Policy.NAME))
                            .stream()))
            .collect(Collectors.toMap(Policy::tenant, Function.identity()));
    return owners.isEmpty() ? known : known.with(read, owners);
  }

  private static <R> PersistentMap<String, List<R>> lists(
      PersistentMap<String, List<R>> known,
      Map<Kind, Set<String>> touched,
      Store<R> store,
      Function<R, String> ownerOf) {
    Set<String> owners = touched.getOrDefault(store.kind(), Set.of());
    if (owners.isEmpty()) {
      return known;
    }
    List<R> read =
        owners.size() > MANY
            ? store.all().stream().filter(each -> owners.contains(ownerOf.apply(each))).toList()
            : owners.stream()
                .flatMap(owner -> store.page(Optional.of(owner), "", Integer.MAX_VALUE).stream())
                .toList();
    return known.with(PolicyState.byTenant(read, ownerOf), owners);
  }

  private PersistentMap<String, List<StoredKey>> keysOf(
      PersistentMap<String, List<StoredKey>> known, Set<String> owners) {
    Map<String, List<StoredKey>> read =
        owners.stream()
            .map(keys::ofTenant)
            .filter(ofOne -> !ofOne.isEmpty())
            .collect(Collectors.toMap(ofOne -> ofOne.getFirst().tenant(), Function.identity()));
    return owners.isEmpty() ? known : known.with(read, owners);
  }
}
