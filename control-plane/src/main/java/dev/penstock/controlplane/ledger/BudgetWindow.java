package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.WindowBalance;
import java.util.Objects;
import java.util.UUID;

/** The balances of one budget in one period. */
public record BudgetWindow(UUID budgetId, Period period, WindowBalance balance) {

  public BudgetWindow {
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(period, "period");
    Objects.requireNonNull(balance, "balance");
  }

  /** A window that nobody has needed yet. */
  static BudgetWindow untouched(BudgetTerms terms, Period period) {
    WindowBalance balance =
        new WindowBalance(
            terms.windowId(period),
            terms.mode(),
            terms.amount(),
            0,
            0,
            terms.amount(),
            0,
            0,
            0,
            0,
            0);
    return new BudgetWindow(terms.budgetId(), period, balance);
  }

  public UUID windowId() {
    return balance.windowId();
  }

  /** What the budget allows now, nano-USD. */
  public long limit() {
    return balance.limit();
  }

  /** What a lowered limit still has to take back, nano-USD. */
  public long pendingCut() {
    return balance.pendingCut();
  }

  /** Nobody's yet, nano-USD. */
  public long available() {
    return balance.available();
  }

  /** On leases of nodes that are heard of, nano-USD. */
  public long leased() {
    return balance.leased();
  }

  /** On leases of nodes that were silent for too long, nano-USD. */
  public long quarantined() {
    return balance.quarantined();
  }

  /** Used, or taken for used, nano-USD. */
  public long spent() {
    return balance.spent();
  }

  /** Used although the window did not have it, nano-USD. */
  public long overage() {
    return balance.overage();
  }
}
