package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.Downgrade;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What budgets do because so much of them is spent, as the control plane last said. It owns that
 * knowledge; the session writes it, every event loop reads it. A node that is cut off goes on with
 * what it heard last, and one that has just started does nothing until it hears: what a budget pays
 * for is bounded by its leases in any case.
 */
public final class BudgetActions {

  private volatile Map<String, List<InForce>> byBudget = Map.of();

  /** What one threshold does now. */
  public record InForce(String budgetId, int atPercent, ThresholdAction action) {
    public InForce {
      Objects.requireNonNull(budgetId, "budgetId");
      Objects.requireNonNull(action, "action");
    }
  }

  /**
   * The route that an exchange goes by instead of its model's own.
   *
   * @param why for the record
   */
  public record Detour(RouteRule route, String why) {
    public Detour {
      Objects.requireNonNull(route, "route");
      Objects.requireNonNull(why, "why");
    }
  }

  /** All that is in force now; what is not among it has ended. */
  public void onTold(List<InForce> all) {
    byBudget = all.stream().collect(Collectors.groupingBy(InForce::budgetId));
  }

  /**
   * Where the budgets send an exchange that they bind; of several thresholds that of the highest
   * part.
   *
   * @param own through which it would be served otherwise
   */
  public Optional<Detour> detour(Governed governed, List<Candidate> own) {
    Map<String, List<InForce>> told = byBudget;
    if (told.isEmpty()) {
      return Optional.empty();
    }
    BudgetRule from = null;
    Downgrade highest = null;
    for (BudgetRule budget : governed.policy().budgets()) {
      Downgrade active = active(budget, told.getOrDefault(budget.budgetId(), List.of()));
      if (active != null
          && (highest == null || active.atPercent() > highest.atPercent())
          && bindsAny(budget, governed, own)) {
        from = budget;
        highest = active;
      }
    }
    return from == null || highest == null ? Optional.empty() : detour(governed, from, highest);
  }

  private static Optional<Detour> detour(Governed governed, BudgetRule budget, Downgrade at) {
    List<String> path = governed.policy().policy().tenantPath();
    // As the budget's owner means the name, not as the tenant below does.
    List<String> ofOwner = path.subList(0, path.indexOf(budget.tenant()) + 1);
    return governed
        .identified()
        .snapshot()
        .content()
        .routeNamed(ofOwner, at.route())
        .map(route ->
            new Detour(
                route,
                "budget %s/%s at %d %%: by route %s"
                    .formatted(budget.tenant(), budget.name(), at.atPercent(), at.route())));
  }

  private static @Nullable Downgrade active(BudgetRule budget, List<InForce> told) {
    Downgrade active = null;
    for (Downgrade each : budget.downgrades()) { // ascending
      for (InForce action : told) {
        if (action.action() == ThresholdAction.ROUTE && action.atPercent() == each.atPercent()) {
          active = each;
        }
      }
    }
    return active;
  }

  private static boolean bindsAny(BudgetRule budget, Governed governed, List<Candidate> own) {
    Asker asker = BindingBudgets.asker(governed);
    return own.stream().anyMatch(candidate -> BindingBudgets.binds(budget, asker, candidate));
  }

  /** What a budget does now. */
  List<InForce> of(BudgetRule budget) {
    return byBudget.getOrDefault(budget.budgetId(), List.of());
  }

  /** What these budgets do now, for a record, such as {@code acme/month: alert at 80 %}. */
  String said(List<BudgetRule> budgets) {
    Map<String, List<InForce>> told = byBudget;
    if (told.isEmpty()) {
      return "";
    }
    return budgets.stream()
        .filter(budget -> told.containsKey(budget.budgetId()))
        .map(budget ->
            "; %s/%s: %s"
                .formatted(
                    budget.tenant(),
                    budget.name(),
                    said(told.getOrDefault(budget.budgetId(), List.of()).stream())))
        .collect(Collectors.joining());
  }

  private static String said(Stream<InForce> actions) {
    return actions
        .map(action -> action.action().word() + " at " + action.atPercent() + " %")
        .collect(Collectors.joining(", "));
  }
}
