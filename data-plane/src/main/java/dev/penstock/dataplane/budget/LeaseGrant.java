package dev.penstock.dataplane.budget;

import java.util.Objects;

/**
 * The control plane's answer. Amounts in nano-USD.
 *
 * @param grantedTotal over the lease's life
 * @param windowRemainingMillis until the budget's window ends; 0: not said
 * @param windowAvailable left in the window beyond all leases
 */
public record LeaseGrant(
    String leaseId,
    long grantedTotal,
    State state,
    long windowRemainingMillis,
    long retryAfterMillis,
    long windowAvailable,
    long windowLimit) {

  /** How the control plane sees the lease. */
  public enum State {
    /** Can be spent from and extended. */
    ACTIVE,
    /** Can be spent from; the window has nothing to extend it with. */
    EXHAUSTED,
    /** Must not be spent from any more. */
    CLOSED
  }

  public LeaseGrant {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(state, "state");
  }
}
