package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.Threshold;
import dev.penstock.controlplane.budget.Webhook;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.policy.GuardRules.Report;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold of what budgets do and whom they tell; a part of {@link StateRules}. */
final class BudgetRules {

  private final PolicyState state;
  private final TenantTree tree;
  private final Report report;
  private final Set<String> providers;
  private final Set<ResourceRef> secrets;

  BudgetRules(PolicyState state, Report report) {
    this.state = Objects.requireNonNull(state, "state");
    this.report = Objects.requireNonNull(report, "report");
    tree = state.tree();
    providers = state.providers().stream().map(Provider::name).collect(Collectors.toSet());
    secrets =
        state.secrets().stream()
            .map(secret -> ResourceRef.ofTenant(Kind.SECRET, secret.tenant(), secret.name()))
            .collect(Collectors.toSet());
  }

  /** That what a budget names beside its requests' key and model is there and may be named. */
  void check(ResourceRef ref, Budget budget) {
    budget.scope().provider().ifPresent(provider -> checkProvider(ref, provider));
    budget.webhook().ifPresent(webhook -> checkSigning(ref, webhook));
    for (int i = 0; i < budget.thresholds().size(); i++) {
      Threshold threshold = budget.thresholds().get(i);
      if (threshold.action() == ThresholdAction.ROUTE
          && !isRouteFor(budget.tenant(), threshold.route())) {
        report.broken(
            ref,
            "spec.thresholds[%d].route".formatted(i),
            "route " + threshold.route() + " does not exist");
      }
    }
  }

  /** What signs alerts is the owner's own, or comes from above as everything does. */
  private void checkSigning(ResourceRef ref, Webhook webhook) {
    boolean above =
        tree.path(ref.owner()).stream()
            .anyMatch(each -> each.name().equals(webhook.secretTenant()));
    if (!above || !secrets.contains(webhook.secret())) {
      report.broken(
          ref,
          "spec.webhook.secret",
          webhook.secret() + " does not exist, or is of no tenant on the owner's path");
    }
  }

  /** Whether a tenant or an ancestor has a route of this name. */
  private boolean isRouteFor(String tenant, String name) {
    return tree.path(tenant).stream()
        .flatMap(each -> state.routesOf(each.name()).stream())
        .anyMatch(route -> route.name().equals(name));
  }

  /**
   * What a provider takes is the company's: a call that is tried at several is known to nobody
   * else.
   */
  private void checkProvider(ResourceRef ref, String provider) {
    if (!providers.contains(provider)) {
      report.broken(ref, "spec.scope.provider", "provider " + provider + " does not exist");
    }
    if (tree.find(ref.owner()).flatMap(Tenant::parent).isPresent()) {
      report.broken(
          ref,
          "spec.scope.provider",
          "only budgets of the root tenant can be narrowed to a provider");
    }
  }
}
