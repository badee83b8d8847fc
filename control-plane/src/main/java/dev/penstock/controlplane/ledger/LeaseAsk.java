package dev.penstock.controlplane.ledger;

import java.util.Objects;
import java.util.UUID;

/**
 * A node asks for money. Totals are over the life of the lease, nano-USD.
 *
 * @param node name from the node's certificate
 * @param incarnation of the process that asks
 * @param knownGranted what the node knows to have been granted
 * @param givenBack what the node has given back
 * @param wantTotal what would be comfortable
 * @param needTotal what a waiting request cannot do without; 0: none waits
 */
public record LeaseAsk(
    UUID leaseId,
    UUID budgetId,
    String node,
    UUID spoolId,
    long incarnation,
    long knownGranted,
    long givenBack,
    long wantTotal,
    long needTotal) {

  public LeaseAsk {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(spoolId, "spoolId");
    if (wantTotal < 0 || needTotal < 0 || knownGranted < 0 || givenBack < 0) {
      throw new IllegalArgumentException(
          "want %d, need %d, granted %d, returned %d (expected: >= 0)"
              .formatted(wantTotal, needTotal, knownGranted, givenBack));
    }
  }
}
