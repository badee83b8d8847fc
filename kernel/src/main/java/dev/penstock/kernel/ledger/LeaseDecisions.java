package dev.penstock.kernel.ledger;

import dev.penstock.kernel.lease.GrantRule;
import dev.penstock.kernel.ledger.Decision.Verdict;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.util.UUID;

/**
 * What becomes of a lease when its node says something, its records arrive, or it is silent.
 *
 * <p>Money comes back to the window only when the node, or its successor on the same spool, has
 * said that it will not spend it; so each unit of a strict budget backs at most one spender. Every
 * function may be called again with what it was called with: totals are cumulative.
 */
public final class LeaseDecisions {

  /** In mode {@code available} at most a hundredth of the limit is lent anew. */
  public static final long EXPOSURE_PARTS = 100;

  private LeaseDecisions() {}

  /**
   * A node's request for money. Totals over the lease's life, nano-USD.
   *
   * @param knownGranted what the node knows to have been granted
   * @param givenBack what the node has given back
   * @param wantTotal what would be comfortable
   * @param needTotal what a waiting request cannot do without; 0: none waits
   */
  public record Request(
      String node,
      UUID spoolId,
      long knownGranted,
      long givenBack,
      long wantTotal,
      long needTotal) {}

  /**
   * What a request finds.
   *
   * @param limit what the window's limit is to be, nano-USD
   * @param replaced whether a newer process on the same spool has taken the node's place
   * @param activeNodes those with leases on the window, this one included
   * @param learning after a failover of the database: nothing is granted until nodes have told what
   *     they had been granted
   */
  public record Circumstances(
      boolean replaced, long limit, int activeNodes, boolean windowOver, boolean learning) {}

  /** A node asks for money. */
  public static Decision request(
      WindowBalance window, LeaseBalance lease, Request request, Circumstances found) {
    Draft draft = new Draft(window, lease);
    if (found.replaced()
        || !lease.belongsTo(request.node(), request.spoolId())
        || lease.standing() == Standing.CLOSED) {
      return draft.decide(Verdict.CLOSED);
    }
    giveBack(draft, request.givenBack());
    if (lease.standing() == Standing.QUARANTINED) {
      return draft.decide(Verdict.QUARANTINED);
    }
    if (!found.windowOver()) {
      draft.align(found.limit());
    }
    // More than was ever granted: the database lost its last commits, and this was among them.
    long lost = Math.max(0, request.knownGranted() - lease.granted());
    draft.grant(Math.min(lost, draft.window().available()));
    return found.windowOver() || found.learning()
        ? draft.decide(Verdict.ACTIVE)
        : extend(draft, request, found);
  }

  private static Decision extend(Draft draft, Request request, Circumstances found) {
    long add =
        GrantRule.add(
            draft.lease().granted(),
            request.wantTotal(),
            request.needTotal(),
            draft.window().available(),
            draft.window().limit(),
            found.activeNodes());
    draft.grant(add);
    if (add > 0) {
      draft.recall(0); // it needs what was wanted back
    }
    long total = draft.lease().granted();
    boolean nothingLeft = add == 0 && draft.window().available() == 0;
    boolean exhausted = total < request.needTotal() || (nothingLeft && request.wantTotal() > total);
    return draft.decide(exhausted ? Verdict.EXHAUSTED : Verdict.ACTIVE);
  }

  /** A node has given money back: it has lowered its own limit before it said so. */
  public static Decision giveBack(
      WindowBalance window, LeaseBalance lease, String node, UUID spoolId, long givenBack) {
    Draft draft = new Draft(window, lease);
    if (!lease.belongsTo(node, spoolId) || lease.standing() == Standing.CLOSED) {
      return draft.decide(Verdict.CLOSED);
    }
    giveBack(draft, givenBack);
    return draft.decide(lease.standing() == Standing.ACTIVE ? Verdict.ACTIVE : Verdict.QUARANTINED);
  }

  private static void giveBack(Draft draft, long total) {
    LeaseBalance lease = draft.lease();
    if (total <= lease.givenBack()) {
      return;
    }
    boolean late = lease.standing() == Standing.QUARANTINED;
    // Of a lease that was lent anew or presumed, some is back already.
    long amount = Math.min(total - lease.givenBack(), lease.rest());
    draft.giveUp(late ? Transfer.CLOSE_LATE : Transfer.RETURN, amount);
    draft.givenBack(Math.min(total, draft.lease().returned()));
    draft.align();
  }

  /**
   * Records of a lease have arrived. What is above the lease is covered by what was presumed of it,
   * then by the window; only what that does not have is overage.
   *
   * @param source names the records
   */
  public static Decision settle(
      WindowBalance window, LeaseBalance lease, long cost, String source) {
    Draft draft = new Draft(window, lease);
    settle(draft, cost, source);
    return draft.decide(Verdict.ACTIVE);
  }

  private static void settle(Draft draft, long cost, String source) {
    long late = Math.min(cost, draft.lease().quarantined());
    draft.post(Transfer.LATE_SETTLE, late, source);
    long gap = cost - late - leased(draft.lease());
    if (gap > 0) {
      draft.giveUp(Transfer.CORRECT, Math.min(gap, draft.lease().presumed()));
      draft.grant(Math.min(gap, draft.window().available()));
    }
    long settled = Math.min(cost - late, leased(draft.lease()));
    draft.post(Transfer.SETTLE, settled, source);
    draft.post(Transfer.OVER, cost - late - settled, source);
    draft.align();
  }

  private static long leased(LeaseBalance lease) {
    return lease.rest() - lease.quarantined();
  }

  /**
   * A node has left a lease.
   *
   * @param consumedTotal what it has settled on it; more than was booked where records were lost,
   *     which are spent all the same; 0: not said
   * @param allRecorded whether every record that the lease pays for is committed
   */
  public static Decision close(
      WindowBalance window,
      LeaseBalance lease,
      String node,
      UUID spoolId,
      long consumedTotal,
      boolean allRecorded) {
    Draft draft = new Draft(window, lease);
    if (!lease.belongsTo(node, spoolId) || lease.standing() == Standing.CLOSED) {
      return draft.decide(Verdict.CLOSED);
    }
    if (!allRecorded) {
      return draft.decide(Verdict.NOT_YET);
    }
    settle(draft, Math.max(0, consumedTotal - lease.used()), "unrecorded " + consumedTotal);
    draft.giveUp(Transfer.CLOSE_LATE, draft.lease().quarantined());
    draft.giveUp(Transfer.CLOSE, draft.lease().rest());
    draft.giveUp(Transfer.CORRECT, draft.lease().presumed());
    draft.align();
    draft.move(Standing.CLOSED);
    return draft.decide(Verdict.CLOSED);
  }

  /** A node was silent for too long: what it has is set apart, and nobody else gets it. */
  public static Decision expire(WindowBalance window, LeaseBalance lease) {
    Draft draft = new Draft(window, lease);
    if (lease.standing() == Standing.ACTIVE) {
      draft.post(Transfer.EXPIRE, lease.rest(), "rest");
      draft.move(Standing.QUARANTINED);
      return draft.decide(Verdict.QUARANTINED);
    }
    return draft.decide(Verdict.ACTIVE);
  }

  /**
   * In mode {@code available} a quarantined lease's money is lent anew, once no request of its can
   * be running any more, unless that would expose more than {@link #EXPOSURE_PARTS} says.
   */
  public static Decision release(WindowBalance window, LeaseBalance lease) {
    Draft draft = new Draft(window, lease);
    long mayBeExposed = window.limit() / EXPOSURE_PARTS - window.exposure();
    if (window.mode() == Mode.AVAILABLE
        && lease.quarantined() > 0
        && lease.quarantined() <= mayBeExposed) {
      draft.giveUp(Transfer.RELEASE, lease.quarantined());
      draft.align();
    }
    return draft.decide(Verdict.QUARANTINED);
  }

  /** What was taken for used has left a rolling window: it can be used again. */
  public static Decision forget(WindowBalance window, LeaseBalance lease) {
    Draft draft = new Draft(window, lease);
    draft.giveUp(Transfer.CORRECT, lease.presumed());
    draft.align();
    return draft.decide(Verdict.QUARANTINED);
  }

  /** A node never came back: what it had is taken for used, until a record says otherwise. */
  public static Decision presume(WindowBalance window, LeaseBalance lease) {
    Draft draft = new Draft(window, lease);
    draft.post(Transfer.PRESUME, lease.quarantined(), "rest");
    return draft.decide(Verdict.QUARANTINED);
  }
}
