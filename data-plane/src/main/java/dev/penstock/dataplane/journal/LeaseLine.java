package dev.penstock.dataplane.journal;

import java.util.Objects;

/**
 * What the spool remembers of a lease, so that a restarted node goes on with it. Amounts are totals
 * in nano-USD.
 */
public record LeaseLine(
    String leaseId, String budgetId, long granted, long returned, long consumed, State state) {

  /** Where the lease stands; {@code CLOSED} leases are forgotten. */
  public enum State {
    PENDING,
    ACTIVE,
    CLOSING,
    CLOSED
  }

  public LeaseLine {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(state, "state");
  }

  LeaseLine plusConsumed(long cost) {
    return new LeaseLine(
        leaseId, budgetId, granted, returned, Math.addExact(consumed, cost), state);
  }

  LeaseLine withConsumed(long total) {
    return new LeaseLine(leaseId, budgetId, granted, returned, total, state);
  }

  LeaseLine toClosing() {
    return new LeaseLine(leaseId, budgetId, granted, returned, consumed, State.CLOSING);
  }
}
