package dev.penstock.controlplane.ledger;

import java.util.Objects;
import java.util.UUID;

/**
 * A node is done with a lease.
 *
 * @param finalSeq no record that the lease pays for has a higher number
 * @param consumedTotal what the node has settled on it, nano-USD; 0: not said
 */
public record LeaseLeaving(UUID leaseId, UUID spoolId, long finalSeq, long consumedTotal) {

  public LeaseLeaving {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(spoolId, "spoolId");
  }
}
