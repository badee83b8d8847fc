package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.budget.Budgets;
import dev.penstock.controlplane.catalogue.Models;
import dev.penstock.controlplane.provider.Providers;
import dev.penstock.controlplane.region.Regions;
import dev.penstock.controlplane.route.Routes;
import dev.penstock.controlplane.secret.Secrets;
import dev.penstock.controlplane.tenant.Tenants;
import jakarta.inject.Singleton;

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
      Budgets budgets) {
    this.regions = regions;
    this.tenants = tenants;
    this.secrets = secrets;
    this.providers = providers;
    this.models = models;
    this.routes = routes;
    this.policies = policies;
    this.keys = keys;
    this.budgets = budgets;
  }

  public PolicyState load() {
    return new PolicyState(
        regions.store().all(),
        tenants.store().all(),
        secrets.store().all(),
        providers.store().all(),
        models.store().all(),
        routes.store().all(),
        policies.store().all(),
        keys.store().all(),
        budgets.store().all());
  }
}
