package dev.penstock.controlplane.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.Budgets;
import dev.penstock.controlplane.guard.Guards;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.ledger.BudgetWindow;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.ratelimit.RateLimits;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.controlplane.tenant.Tenants;
import dev.penstock.kernel.guard.GuardLimits;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantRules;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Explains what binds a tenant: each value with the resources and ancestors it came from, and what
 * is left of each budget. It reads the tenant's path only, however many tenants there are.
 */
@Singleton
public class EffectivePolicies {

  private final Tenants tenants;
  private final Policies policies;
  private final Budgets budgets;
  private final RateLimits rateLimits;
  private final Guards guards;
  private final Ledger ledger;

  EffectivePolicies(
      Tenants tenants,
      Policies policies,
      Budgets budgets,
      RateLimits rateLimits,
      Guards guards,
      Ledger ledger) {
    this.tenants = tenants;
    this.policies = policies;
    this.budgets = budgets;
    this.rateLimits = rateLimits;
    this.guards = guards;
    this.ledger = ledger;
  }

  private record Stated(
      List<TenantRules> path,
      List<Budget> budgets,
      List<RateLimit> rateLimits,
      List<StatedGuard> guards) {}

  /** The effective policy of a tenant as the admin API shows it. */
  public ObjectNode explain(String tenant) throws SQLException {
    Stated stated = QuarkusTransaction.joiningExisting().call(() -> read(tenant));
    Map<Budget, Optional<BudgetWindow>> windows = new LinkedHashMap<>();
    for (Budget budget : stated.budgets()) {
      // After the transaction above: the ledger has its own.
      windows.put(budget, ledger.currentWindow(budget.tenant(), budget.name()));
    }
    return new PolicyExplanation(stated.path(), windows, stated.rateLimits(), stated.guards())
        .write();
  }

  private Stated read(String name) {
    List<TenantRules> path = new ArrayList<>();
    List<Budget> binding = new ArrayList<>();
    List<RateLimit> limits = new ArrayList<>();
    List<StatedGuard> stated = new ArrayList<>();
    Optional<String> next = Optional.of(name);
    while (next.isPresent() && path.size() < TenantTree.MAX_LEVELS) {
      String current = next.get();
      Tenant tenant =
          tenants
              .store()
              .find(ResourceRef.ofPlatform(Kind.TENANT, current))
              .orElseThrow(
                  () -> ProblemException.notFound("tenant " + current + " does not exist"));
      List<StatedGuard> own =
          guards.store().page(Optional.of(current), "", GuardLimits.MAX_GUARDS_PER_TENANT);
      stated.addAll(own);
      path.addFirst(rulesOf(tenant, own));
      binding.addAll(
          0, budgets.store().page(Optional.of(current), "", SnapshotLimits.MAX_BUDGETS_PER_PATH));
      limits.addAll(
          0,
          rateLimits
              .store()
              .page(Optional.of(current), "", SnapshotLimits.MAX_RATE_LIMITS_PER_REQUEST));
      next = tenant.parent();
    }
    return new Stated(path, binding, limits, stated);
  }

  private TenantRules rulesOf(Tenant tenant, List<StatedGuard> own) {
    PolicyRules rules =
        policies
            .store()
            .find(ResourceRef.ofTenant(Kind.POLICY, tenant.name(), Policy.NAME))
            .map(Policy::rules)
            .orElse(PolicyRules.NONE);
    return new TenantRules(
        tenant.name(),
        tenant.tags(),
        new HashSet<>(tenant.requiredTags()),
        rules,
        tenant.suspended(),
        own.stream().map(StatedGuard::name).collect(Collectors.toSet()));
  }
}
