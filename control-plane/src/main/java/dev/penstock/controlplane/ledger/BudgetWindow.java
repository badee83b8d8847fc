package dev.penstock.controlplane.ledger;

import java.util.Objects;
import java.util.UUID;

/**
 * The balances of one budget in one period, nano-USD.
 *
 * @param pendingCut what a lowered limit still has to take back
 * @param limitMoves how often the limit has been moved
 */
public record BudgetWindow(
    UUID windowId,
    UUID budgetId,
    Period period,
    long limit,
    long pendingCut,
    long limitMoves,
    long available,
    long leased,
    long quarantined,
    long spent,
    long overage) {

  public BudgetWindow {
    Objects.requireNonNull(windowId, "windowId");
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(period, "period");
  }

  /** A window that nobody has needed yet. */
  static BudgetWindow untouched(BudgetTerms terms, Period period) {
    return new BudgetWindow(
        terms.windowId(period),
        terms.budgetId(),
        period,
        terms.amount(),
        0,
        0,
        terms.amount(),
        0,
        0,
        0,
        0);
  }
}
