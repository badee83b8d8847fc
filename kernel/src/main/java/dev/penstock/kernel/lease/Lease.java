package dev.penstock.kernel.lease;

import java.util.Objects;

/**
 * What a node knows of one lease. Amounts in nano-USD; {@code granted}, {@code returned} and {@code
 * consumed} are totals over the lease's life and never decrease.
 *
 * @param leaseId UUID text, chosen by the node
 * @param budgetId the budget it draws on
 * @param granted what the control plane has granted
 * @param returned what has been given back
 * @param consumed what has been settled
 * @param reserved what open holds reserve
 * @param state where it stands
 */
public record Lease(
    String leaseId,
    String budgetId,
    long granted,
    long returned,
    long consumed,
    long reserved,
    State state) {

  /** Legal moves: PENDING → ACTIVE → CLOSING → (gone); any state → CLOSING. */
  public enum State {
    /** Asked for; nothing has been granted yet. */
    PENDING,
    /** Can be spent from. */
    ACTIVE,
    /** Admits nothing more; is closed once its last hold has been settled. */
    CLOSING
  }

  public Lease {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(state, "state");
    if (granted < 0 || returned < 0 || consumed < 0 || reserved < 0) {
      throw new IllegalArgumentException("lease " + leaseId + ": amounts must not be negative");
    }
  }

  /** What can still be held; negative after a settlement above its hold. */
  public long free() {
    return state == State.ACTIVE ? granted - returned - consumed - reserved : 0;
  }

  /** The same lease with another total that was granted. */
  Lease withGranted(long total) {
    return new Lease(leaseId, budgetId, total, returned, consumed, reserved, state);
  }

  /** The same lease with another total that was given back. */
  Lease withReturned(long total) {
    return new Lease(leaseId, budgetId, granted, total, consumed, reserved, state);
  }

  /** The same lease in another state. */
  Lease in(State other) {
    return new Lease(leaseId, budgetId, granted, returned, consumed, reserved, other);
  }
}
