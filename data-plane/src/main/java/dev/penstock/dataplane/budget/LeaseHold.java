package dev.penstock.dataplane.budget;

import dev.penstock.kernel.lease.Hold;
import dev.penstock.kernel.money.NanoUsd;
import java.util.List;

/** Money set aside by {@link LeaseDesk#hold}; ends exactly once, by {@link LeaseDesk#settle}. */
public final class LeaseHold {

  private final Hold hold;
  private boolean settled; // guarded by the desk's lock

  LeaseHold(Hold hold) {
    this.hold = hold;
  }

  /** One lease per budget; empty where no budget binds the exchange. */
  public List<String> leaseIds() {
    return hold.leaseIds();
  }

  /** Reserved on each of the leases. */
  public NanoUsd amount() {
    return new NanoUsd(hold.amount());
  }

  Hold toSettled() {
    if (settled) {
      throw new IllegalStateException("hold on " + hold.leaseIds() + " was settled before");
    }
    settled = true;
    return hold;
  }
}
