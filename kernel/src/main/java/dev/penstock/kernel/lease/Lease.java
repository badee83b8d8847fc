package dev.penstock.kernel.lease;

import java.util.Objects;

/**
 * What a node knows of one lease. Amounts in nano-USD; {@code granted} and {@code consumed} are
 * totals over the lease's life and never decrease.
 *
 * @param leaseId UUID text, chosen by the node
 * @param budgetId the budget it draws on
 * @param granted what the control plane has granted
 * @param consumed what has been settled
 * @param reserved what open holds reserve
 * @param state where it stands
 */
public record Lease(
    String leaseId, String budgetId, long granted, long consumed, long reserved, State state) {

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
    if (granted < 0 || consumed < 0 || reserved < 0) {
      throw new IllegalArgumentException("lease " + leaseId + ": amounts must not be negative");
    }
  }

  static Lease pending(String leaseId, String budgetId) {
    return new Lease(leaseId, budgetId, 0, 0, 0, State.PENDING);
  }

  /** What can still be held; negative after a settlement above its hold. */
  public long free() {
    return state == State.ACTIVE ? granted - consumed - reserved : 0;
  }

  Lease toGranted(long total) {
    return new Lease(
        leaseId,
        budgetId,
        Math.max(granted, total),
        consumed,
        reserved,
        state == State.PENDING ? State.ACTIVE : state);
  }

  Lease toHeld(long amount) {
    return new Lease(leaseId, budgetId, granted, consumed, Math.addExact(reserved, amount), state);
  }

  Lease toSettled(long held, long cost) {
    return new Lease(
        leaseId, budgetId, granted, Math.addExact(consumed, cost), reserved - held, state);
  }

  Lease toClosing() {
    return new Lease(leaseId, budgetId, granted, consumed, reserved, State.CLOSING);
  }
}
