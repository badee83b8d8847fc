package dev.penstock.kernel.ledger;

/** Where money of a window can be. */
public enum Account {
  /** Outside: what the budget allows comes from here. */
  LIMIT,
  /** Nobody's yet. */
  AVAILABLE,
  /** On leases of nodes that are heard of. */
  LEASED,
  /** On leases of nodes that were silent for too long. */
  QUARANTINE,
  /** Used, or taken for used. */
  SPENT,
  /** Outside: what was used although the window did not have it. */
  OVERAGE
}
