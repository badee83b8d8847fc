package dev.penstock.dataplane.budget;

import dev.penstock.kernel.lease.Hold;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import io.vertx.core.Future;
import java.util.List;

/**
 * Sets money aside for exchanges and charges it; this form of it has more than anybody asks for.
 */
public final class LeaseDesk {

  private int open;

  /**
   * Sets the worst case aside on every budget, or on none. The future completes on the caller's
   * Vert.x context; it fails with {@link BudgetExhausted} or {@link BudgetUnavailable}.
   */
  public synchronized Future<LeaseHold> hold(List<BudgetRule> budgets, NanoUsd worstCase) {
    open++;
    return Future.succeededFuture(
        new LeaseHold(
            new Hold(budgets.stream().map(BudgetRule::budgetId).toList(), worstCase.value())));
  }

  /** Ends a hold, exactly once; the exchange's record stands in the spool by then. */
  public synchronized void settle(LeaseHold hold, NanoUsd cost) {
    hold.toSettled();
    open--;
  }

  /** Holds that have not been settled. */
  public synchronized int open() {
    return open;
  }
}
