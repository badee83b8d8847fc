package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budgets;
import dev.penstock.controlplane.catalogue.Models;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.member.Members;
import dev.penstock.controlplane.provider.Providers;
import dev.penstock.controlplane.region.Regions;
import dev.penstock.controlplane.route.Routes;
import dev.penstock.controlplane.secret.Secrets;
import dev.penstock.controlplane.tenant.Tenants;
import dev.penstock.kernel.snapshot.PersistentMap;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the whole state; in a transaction it sees what that has written. */
@Singleton
public class PolicyStates {

  private final Regions regions;
  private final Tenants tenants;
  private final Secrets secrets;
  private final Providers providers;
  private final Models models;
  private final Routes routes;
  private final Policies policies;
  private final ApiKeys keys;
  private final Budgets budgets;
  private final Members members;

  // One parameter a kind: this is the one place where all kinds come together.
  PolicyStates(
      Regions regions,
      Tenants tenants,
      Secrets secrets,
      Providers providers,
      Models models,
      Routes routes,
      Policies policies,
      ApiKeys keys,
      Budgets budgets,
      Members members) {
    this.regions = regions;
    this.tenants = tenants;
    this.secrets = secrets;
    this.providers = providers;
    this.models = models;
    this.routes = routes;
    this.policies = policies;
    this.keys = keys;
    this.budgets = budgets;
    this.members = members;
  }

  /** Everything, as the rows say. */
  public PolicyState load() {
    return new PolicyState(
        regions.store().all(),
        tenants.store().all(),
        secrets.store().all(),
        providers.store().all(),
        models.store().all(),
        routes.store().all(),
        policies.store().all(),
        PolicyState.byTenant(keys.store().all()),
        budgets.store().all(),
        members.store().all());
  }

  /**
   * A state that was read before, with what has changed since: of these kinds everything is read
   * anew, but of API keys only those of the tenants.
   */
  public PolicyState refresh(PolicyState known, Set<Kind> kinds, Set<String> tenantsOfKeys) {
    return new PolicyState(
        kinds.contains(Kind.REGION) ? regions.store().all() : known.regions(),
        kinds.contains(Kind.TENANT) ? tenants.store().all() : known.tenants(),
        kinds.contains(Kind.SECRET) ? secrets.store().all() : known.secrets(),
        kinds.contains(Kind.PROVIDER) ? providers.store().all() : known.providers(),
        kinds.contains(Kind.MODEL) ? models.store().all() : known.models(),
        kinds.contains(Kind.ROUTE) ? routes.store().all() : known.routes(),
        kinds.contains(Kind.POLICY) ? policies.store().all() : known.policies(),
        keysOf(known, tenantsOfKeys),
        kinds.contains(Kind.BUDGET) ? budgets.store().all() : known.budgets(),
        kinds.contains(Kind.MEMBER) ? members.store().all() : known.members());
  }

  private PersistentMap<String, List<StoredKey>> keysOf(PolicyState known, Set<String> tenants) {
    Map<String, List<StoredKey>> read =
        tenants.stream()
            .map(keys::ofTenant)
            .filter(ofOne -> !ofOne.isEmpty())
            .collect(Collectors.toMap(ofOne -> ofOne.getFirst().tenant(), Function.identity()));
    return known.keysByTenant().with(read, tenants);
  }
}
