package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The money of one exchange: set aside on its leases and written to the spool.
 *
 * @param amount set aside before the call
 * @param budgets those that it is set aside on, whichever candidate serves
 * @param growth there where more is set aside as the answer comes
 */
public record ExchangeHold(
    LeaseHold leases, NanoUsd amount, List<BudgetRule> budgets, Optional<Growth> growth) {

  public ExchangeHold {
    // As the leases of a hold are ordered.
    budgets = budgets.stream().sorted(Comparator.comparing(BudgetRule::budgetId)).toList();
  }

  /** The leases that pay for an answer; a budget for another model or provider does not. */
  List<String> paidBy(Asker asker, String ownModel, String provider) {
    List<String> leaseIds = leases.leaseIds();
    List<String> paying = new ArrayList<>(leaseIds.size());
    for (int i = 0; i < leaseIds.size(); i++) {
      if (budgets.get(i).binds(asker, ownModel, provider)) {
        paying.add(leaseIds.get(i));
      }
    }
    return paying;
  }
}
