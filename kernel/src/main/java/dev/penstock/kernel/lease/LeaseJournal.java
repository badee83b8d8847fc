package dev.penstock.kernel.lease;

import java.util.OptionalLong;

/** What outlives a node's process: the node's spool, as far as leases need it. */
public interface LeaseJournal {

  /**
   * Writes a lease down as it stands; false if there is no room: then the change must not take
   * effect.
   */
  boolean write(Lease lease);

  /** Forgets a lease that the control plane has closed; false if there is no room for the note. */
  boolean forget(Lease lease);

  /**
   * The number up to which a lease's settlements stand in the journal; empty while an exchange in
   * it still holds on the lease.
   */
  OptionalLong finalSeq(String leaseId);
}
