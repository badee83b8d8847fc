package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.region.Region;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import java.util.List;

/**
 * Everything the platform and its tenants have stated, at one moment.
 *
 * @param keys revoked ones included, the oldest first
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
    List<StoredKey> keys,
    List<Budget> budgets) {

  public PolicyState {
    regions = List.copyOf(regions);
    tenants = List.copyOf(tenants);
    secrets = List.copyOf(secrets);
    providers = List.copyOf(providers);
    models = List.copyOf(models);
    routes = List.copyOf(routes);
    policies = List.copyOf(policies);
    keys = List.copyOf(keys);
    budgets = List.copyOf(budgets);
  }
}
