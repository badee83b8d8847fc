package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;

/** The control plane has said that a budget cannot pay for an exchange. An answer, not a fault. */
public final class BudgetExhausted extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient BudgetRule budget;
  private final transient NanoUsd available;
  private final transient NanoUsd limit;
  private final long resetsInMillis;

  BudgetExhausted(BudgetRule budget, NanoUsd available, NanoUsd limit, long resetsInMillis) {
    super("budget " + budget.tenant() + "/" + budget.name() + " is exhausted", null, false, false);
    this.budget = budget;
    this.available = available;
    this.limit = limit;
    this.resetsInMillis = resetsInMillis;
  }

  public BudgetRule budget() {
    return budget;
  }

  /** What is left: in the window beyond all leases, and free on this node. */
  public NanoUsd available() {
    return available;
  }

  public NanoUsd limit() {
    return limit;
  }

  /** Until the budget's next window; 0: not known. */
  public long resetsInMillis() {
    return resetsInMillis;
  }
}
