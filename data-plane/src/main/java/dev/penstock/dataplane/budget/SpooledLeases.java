package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.journal.LeaseLine;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.kernel.lease.Lease;
import dev.penstock.kernel.lease.LeaseJournal;
import java.util.List;
import java.util.OptionalLong;

/** The node's spool as the leases' journal. What is consumed is the spool's own to know. */
final class SpooledLeases implements LeaseJournal {

  private final Spool spool;

  SpooledLeases(Spool spool) {
    this.spool = spool;
  }

  /** The leases of a predecessor, in the order in which they were first written. */
  List<Lease> all() {
    return spool.leases().stream()
        .map(line ->
            new Lease(
                line.leaseId(),
                line.budgetId(),
                line.granted(),
                line.returned(),
                line.consumed(),
                0,
                state(line.state())))
        .toList();
  }

  private static Lease.State state(LeaseLine.State state) {
    return switch (state) {
      case PENDING -> Lease.State.PENDING;
      case ACTIVE -> Lease.State.ACTIVE;
      case CLOSING, CLOSED -> Lease.State.CLOSING;
    };
  }

  @Override
  public boolean write(Lease lease) {
    LeaseLine.State state =
        switch (lease.state()) {
          case PENDING -> LeaseLine.State.PENDING;
          case ACTIVE -> LeaseLine.State.ACTIVE;
          case CLOSING -> LeaseLine.State.CLOSING;
        };
    return write(lease, state);
  }

  @Override
  public boolean forget(Lease lease) {
    return write(lease, LeaseLine.State.CLOSED);
  }

  private boolean write(Lease lease, LeaseLine.State state) {
    return spool.tryLease(
        new LeaseLine(
            lease.leaseId(), lease.budgetId(), lease.granted(), lease.returned(), 0, state));
  }

  @Override
  public OptionalLong finalSeq(String leaseId) {
    return spool.finalSeq(leaseId).map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }
}
