package dev.penstock.kernel.lease;

import java.util.Objects;

/**
 * The control plane's answer. Amounts in nano-USD.
 *
 * @param grantedTotal over the lease's life
 * @param returnedTotal what the control plane knows to have been given back
 * @param recallTotal what the control plane wants to have been given back over the lease's life; 0:
 *     nothing is wanted back
 * @param windowRemainingMillis until the budget's window ends; 0: not said
 * @param windowAvailable left in the window beyond all leases
 */
public record LeaseGrant(
    String leaseId,
    long grantedTotal,
    long returnedTotal,
    long recallTotal,
    State state,
    long windowRemainingMillis,
    long retryAfterMillis,
    long windowAvailable,
    long windowLimit) {

  /** How the control plane sees the lease. */
  public enum State {
    /** Can be spent from and extended. */
    ACTIVE,
    /** Can be spent from; others have been asked for what it lacks: to be asked again soon. */
    RECALLING,
    /** Can be spent from; the window has nothing to extend it with. */
    EXHAUSTED,
    /**
     * The node was silent for too long: nothing new may be admitted, what is open settles, and the
     * lease is closed.
     */
    QUARANTINED,
    /** Must not be spent from any more. */
    CLOSED;

    boolean isOver() {
      return this == QUARANTINED || this == CLOSED;
    }
  }

  public LeaseGrant {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(state, "state");
  }
}
