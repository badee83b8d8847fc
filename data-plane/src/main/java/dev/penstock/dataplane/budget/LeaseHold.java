package dev.penstock.dataplane.budget;

import dev.penstock.kernel.lease.Hold;
import dev.penstock.kernel.money.NanoUsd;
import java.util.List;

/**
 * Money set aside by {@link LeaseDesk#hold}, and more of it by {@link LeaseDesk#extend}; ends
 * exactly once, by {@link LeaseDesk#settle}.
 */
public final class LeaseHold {

  private volatile Hold hold; // written under the desk's lock
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

  /** As it stands; for the desk, under its lock. */
  Hold current() {
    return hold;
  }

  boolean isSettled() {
    return settled;
  }

  /** Takes the place of what was held before. */
  void grow(Hold extended) {
    hold = extended;
  }

  Hold toSettled() {
    if (settled) {
      throw new IllegalStateException("hold on " + hold.leaseIds() + " was settled before");
    }
    settled = true;
    return hold;
  }
}
