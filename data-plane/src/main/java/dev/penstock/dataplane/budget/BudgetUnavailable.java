package dev.penstock.dataplane.budget;

import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;

/** What the node holds of a budget is used up, and the control plane did not answer in time. */
public final class BudgetUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient BudgetRule budget;

  BudgetUnavailable(BudgetRule budget) {
    super(
        "budget " + budget.tenant() + "/" + budget.name() + " cannot be asked for",
        null,
        false,
        false);
    this.budget = budget;
  }

  public BudgetRule budget() {
    return budget;
  }
}
