package dev.penstock.controlplane.ledger;

/**
 * How a window's limit gets from what it is to what the budget says.
 *
 * <p>A raise is funded at once. A cut takes what is available at once; the rest, which is on leases
 * or spent, is pending and taken from whatever leases give back.
 *
 * @param fund LIMIT to AVAILABLE
 * @param cut AVAILABLE to LIMIT
 * @param pendingCut what is left to take
 */
record LimitChange(long fund, long cut, long pendingCut) {

  /** Plans from a window's balances to a limit. */
  static LimitChange plan(long limit, long available, long target) {
    if (target >= limit) {
      return new LimitChange(target - limit, 0, 0);
    }
    long excess = limit - target;
    long cut = Math.min(available, excess);
    return new LimitChange(0, cut, excess - cut);
  }
}
