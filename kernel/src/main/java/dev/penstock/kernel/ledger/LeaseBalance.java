package dev.penstock.kernel.ledger;

import java.util.Objects;
import java.util.UUID;

/**
 * A lease as the control plane holds it. Amounts in nano-USD; all but {@code presumed}, {@code
 * quarantined} and {@code exposed} are totals over the lease's life and never decrease.
 *
 * @param granted what has come from the window
 * @param returned what has gone back to the window, for whatever reason
 * @param givenBack the node's own part of that, as it said last
 * @param settled what was used
 * @param overdrawn what was used although neither the lease nor the window had it
 * @param presumed what is taken for used without a record
 * @param quarantined what of the rest waits in quarantine; the remainder is leased
 * @param exposed what was lent anew while the node may still spend it
 * @param recallTotal what the node is to have given back; 0: nothing is wanted
 */
public record LeaseBalance(
    UUID leaseId,
    UUID windowId,
    String node,
    UUID spoolId,
    Standing standing,
    long granted,
    long returned,
    long givenBack,
    long settled,
    long overdrawn,
    long presumed,
    long quarantined,
    long exposed,
    long recallTotal) {

  /** Where a lease stands; it only moves down this list. */
  public enum Standing {
    ACTIVE,
    /** Its node was silent for too long; it is extended no more, and waits for its records. */
    QUARANTINED,
    /** Its node has left it. */
    CLOSED
  }

  public LeaseBalance {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(windowId, "windowId");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(spoolId, "spoolId");
    Objects.requireNonNull(standing, "standing");
    if (returned < 0
        || settled < 0
        || presumed < 0
        || quarantined < 0
        || exposed < 0
        || givenBack > returned
        || returned + settled + presumed + quarantined > granted) {
      throw new IllegalArgumentException(
          "lease %s: granted %d, returned %d, settled %d, presumed %d, quarantined %d"
              .formatted(leaseId, granted, returned, settled, presumed, quarantined));
    }
  }

  /** A lease without money. */
  public static LeaseBalance opened(UUID leaseId, UUID windowId, String node, UUID spoolId) {
    return new LeaseBalance(
        leaseId, windowId, node, spoolId, Standing.ACTIVE, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** A lease belongs to whoever named it first. */
  public boolean belongsTo(String someNode, UUID someSpool) {
    return node.equals(someNode) && spoolId.equals(someSpool);
  }

  /** What is neither used nor back: the node may still spend it. */
  public long rest() {
    return granted - returned - settled - presumed;
  }

  /** What the lease's records cost so far. */
  public long used() {
    return settled + overdrawn;
  }

  /** What is wanted back and has not come. */
  public long recalled() {
    return Math.clamp(recallTotal - givenBack, 0, rest());
  }

  LeaseBalance after(Transfer transfer, long amount) {
    return new LeaseBalance(
        leaseId,
        windowId,
        node,
        spoolId,
        standing,
        granted + (transfer == Transfer.GRANT ? amount : 0),
        returned + (isReturn(transfer) ? amount : 0),
        givenBack,
        settled + (transfer == Transfer.SETTLE || transfer == Transfer.LATE_SETTLE ? amount : 0),
        overdrawn + (transfer == Transfer.OVER ? amount : 0),
        presumed + presumption(transfer, amount),
        quarantined + quarantine(transfer, amount),
        exposed + exposure(transfer, amount),
        recallTotal);
  }

  private static boolean isReturn(Transfer transfer) {
    return transfer.isOfLease() && transfer.to() == Account.AVAILABLE;
  }

  private static long presumption(Transfer transfer, long amount) {
    if (transfer == Transfer.PRESUME) {
      return amount;
    }
    return transfer == Transfer.CORRECT ? -amount : 0;
  }

  private static long quarantine(Transfer transfer, long amount) {
    if (transfer == Transfer.EXPIRE) {
      return amount;
    }
    return transfer.from() == Account.QUARANTINE ? -amount : 0;
  }

  /** What a node spends of money that was lent anew is exposed no more: it has come true. */
  private long exposure(Transfer transfer, long amount) {
    if (transfer == Transfer.RELEASE) {
      return amount;
    }
    boolean isBeyond = transfer == Transfer.SETTLE || transfer == Transfer.OVER;
    return isBeyond ? -Math.min(exposed, amount) : 0;
  }

  LeaseBalance in(Standing other) {
    return new LeaseBalance(
        leaseId,
        windowId,
        node,
        spoolId,
        other,
        granted,
        returned,
        givenBack,
        settled,
        overdrawn,
        presumed,
        quarantined,
        other == Standing.CLOSED ? 0 : exposed,
        other == Standing.ACTIVE ? recallTotal : 0);
  }

  LeaseBalance withGivenBack(long total) {
    return new LeaseBalance(
        leaseId,
        windowId,
        node,
        spoolId,
        standing,
        granted,
        returned,
        total,
        settled,
        overdrawn,
        presumed,
        quarantined,
        exposed,
        recallTotal);
  }

  /** The same lease with something else wanted back. */
  public LeaseBalance withRecall(long total) {
    return new LeaseBalance(
        leaseId,
        windowId,
        node,
        spoolId,
        standing,
        granted,
        returned,
        givenBack,
        settled,
        overdrawn,
        presumed,
        quarantined,
        exposed,
        total);
  }
}
