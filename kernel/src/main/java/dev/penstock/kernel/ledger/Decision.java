package dev.penstock.kernel.ledger;

import java.util.List;
import java.util.Objects;

/**
 * What follows from a message: all of it is committed before the answer is given.
 *
 * @param window the balances once the postings are booked
 * @param lease the lease then; what postings do not say of it (its standing, what is recalled) is
 *     to be stored
 * @param postings in the order in which they are booked
 */
public record Decision(
    WindowBalance window, LeaseBalance lease, List<Posting> postings, Verdict verdict) {

  /** What the node gets to know. */
  public enum Verdict {
    /** The lease can be spent from, and the need is met if there was one. */
    ACTIVE,
    /** The need is above what the window has, or nothing is left for what is wanted. */
    EXHAUSTED,
    /** The node was silent for too long: it has to leave the lease. */
    QUARANTINED,
    /** The lease must not be spent from: it was closed, or is somebody else's. */
    CLOSED,
    /** A lease cannot be closed yet: records that it pays for are still on their way. */
    NOT_YET
  }

  public Decision {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(verdict, "verdict");
    postings = List.copyOf(postings);
  }
}
