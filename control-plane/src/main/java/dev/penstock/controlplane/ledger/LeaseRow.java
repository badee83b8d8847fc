package dev.penstock.controlplane.ledger;

import java.util.Objects;
import java.util.UUID;

/** A lease as the ledger holds it, nano-USD. */
record LeaseRow(
    UUID leaseId,
    UUID windowId,
    String node,
    UUID spoolId,
    long granted,
    long returned,
    long settled,
    boolean closed) {

  LeaseRow {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(windowId, "windowId");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(spoolId, "spoolId");
  }

  /** A lease belongs to whoever named it first. */
  boolean belongsTo(String someNode, UUID someSpool) {
    return node.equals(someNode) && spoolId.equals(someSpool);
  }

  /** What is neither settled nor given back. */
  long rest() {
    return granted - returned - settled;
  }
}
