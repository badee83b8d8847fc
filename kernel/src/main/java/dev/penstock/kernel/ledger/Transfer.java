package dev.penstock.kernel.ledger;

import static dev.penstock.kernel.ledger.Account.AVAILABLE;
import static dev.penstock.kernel.ledger.Account.LEASED;
import static dev.penstock.kernel.ledger.Account.LIMIT;
import static dev.penstock.kernel.ledger.Account.OVERAGE;
import static dev.penstock.kernel.ledger.Account.QUARANTINE;
import static dev.penstock.kernel.ledger.Account.SPENT;

/** The ways in which money moves, and there are no others: from one account to another. */
public enum Transfer {
  /** A limit is raised. */
  FUND(LIMIT, AVAILABLE, false),
  /** A limit is lowered. */
  CUT(AVAILABLE, LIMIT, false),
  /** A node may spend it. */
  GRANT(AVAILABLE, LEASED, true),
  /** A node has given it back. */
  RETURN(LEASED, AVAILABLE, true),
  /** It was used. */
  SETTLE(LEASED, SPENT, true),
  /** A node was silent for too long. */
  EXPIRE(LEASED, QUARANTINE, true),
  /** It was used by a node that was silent. */
  LATE_SETTLE(QUARANTINE, SPENT, true),
  /** What was left of a lease at its end. */
  CLOSE(LEASED, AVAILABLE, true),
  /** What was left of a quarantined lease at its end, or was given back of it. */
  CLOSE_LATE(QUARANTINE, AVAILABLE, true),
  /** In mode {@code available}: lent anew although its node may still spend it; exposure. */
  RELEASE(QUARANTINE, AVAILABLE, true),
  /** Taken for used, as its node never came back. */
  PRESUME(QUARANTINE, SPENT, true),
  /** Was taken for used and was not, or is now known from its record. */
  CORRECT(SPENT, AVAILABLE, true),
  /** Was used although neither its lease nor the window had it. */
  OVER(OVERAGE, SPENT, true),
  /** Has left a rolling window. */
  AGE(SPENT, AVAILABLE, false),
  /** Has left a rolling window that was overdrawn. */
  AGE_OVER(SPENT, OVERAGE, false);

  private final Account from;
  private final Account to;
  private final boolean ofLease;

  Transfer(Account from, Account to, boolean ofLease) {
    this.from = from;
    this.to = to;
    this.ofLease = ofLease;
  }

  public Account from() {
    return from;
  }

  public Account to() {
    return to;
  }

  /** Whether it is booked on a lease, too. */
  public boolean isOfLease() {
    return ofLease;
  }
}
