package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.Principal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The money of one exchange: set aside on its leases and written to the spool.
 *
 * @param budgets those that it is set aside on, whichever candidate serves
 */
public record ExchangeHold(LeaseHold leases, NanoUsd amount, List<BudgetRule> budgets) {

  public ExchangeHold {
    // As the leases of a hold are ordered.
    budgets = budgets.stream().sorted(Comparator.comparing(BudgetRule::budgetId)).toList();
  }

  /** The leases that pay for an answer of a model; a budget for another model does not. */
  public List<String> paidBy(Principal who, String model) {
    List<String> leaseIds = leases.leaseIds();
    List<String> paying = new ArrayList<>(leaseIds.size());
    for (int i = 0; i < leaseIds.size(); i++) {
      if (budgets.get(i).binds(who, model)) {
        paying.add(leaseIds.get(i));
      }
    }
    return paying;
  }
}
