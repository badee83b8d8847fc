package dev.penstock.kernel.lease;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A node's book of budget leases: what it may spend, what it has set aside, what it has used.
 *
 * <p>Sans-I/O: the shell feeds it grants and requests, and sends what it returns. It is not
 * thread-safe; its owner guards it with one lock, inside which nothing waits. A node admits a
 * request only while {@code consumed + reserved + amount <= granted} on every lease that binds it,
 * so that what it spends has always been granted to it alone.
 *
 * <p>A lease ends when its budget's window does: the book stops admitting on it, opens a successor
 * under a new id, and names it in {@link #drained} once its last hold has been settled. Until the
 * control plane has said that the window is over, the lease goes on: money of an old window is safe
 * to spend, and a node cut off from the control plane keeps serving.
 */
public final class LeaseBook {

  /** How many worst cases a node would like to have free at least. */
  private static final long COMFORT = 64;

  private final Supplier<String> newLeaseId;
  private final Map<String, Lease> leases = new HashMap<>();
  private final Map<String, String> currentByBudget = new LinkedHashMap<>();
  private final Map<String, Ask> asks = new LinkedHashMap<>();
  private final Map<String, Long> largestHold = new HashMap<>();

  /** What the shell has to ask for, for one lease. */
  public record Ask(String leaseId, String budgetId, long needTotal, long wantTotal) {}

  /** The answer to a request for money. */
  public sealed interface Outcome {

    /** The money is set aside. */
    record Held(Hold hold) implements Outcome {}

    /** A lease is short; it has been asked for more, and the request may try again. */
    record Short(String budgetId, String leaseId, long missing) implements Outcome {}
  }

  /** {@code newLeaseId} makes random UUID texts. */
  public LeaseBook(Supplier<String> newLeaseId) {
    this.newLeaseId = Objects.requireNonNull(newLeaseId, "newLeaseId");
  }

  /** Takes over a lease of the predecessor on the same spool; holds have been settled by then. */
  public void restore(Lease lease) {
    leases.put(lease.leaseId(), lease);
    if (lease.state() != Lease.State.CLOSING) {
      currentByBudget.put(lease.budgetId(), lease.leaseId());
    }
  }

  /** Sets {@code amount} aside on the lease of every budget, or on none. */
  public Outcome hold(Collection<String> budgetIds, long amount) {
    Set<String> sorted = new TreeSet<>(budgetIds); // one order everywhere, so no deadlock of needs
    Outcome.Short shortage = null;
    for (String budgetId : sorted) {
      Lease lease = current(budgetId);
      largestHold.merge(budgetId, amount, Math::max);
      if (lease.free() < amount) {
        ask(lease, amount);
        if (shortage == null) {
          shortage =
              new Outcome.Short(budgetId, lease.leaseId(), amount - Math.max(0, lease.free()));
        }
      }
    }
    if (shortage != null) {
      return shortage;
    }
    List<String> held = new ArrayList<>(sorted.size());
    for (String budgetId : sorted) {
      Lease lease = current(budgetId).toHeld(amount);
      leases.put(lease.leaseId(), lease);
      held.add(lease.leaseId());
      if (lease.free() < comfort(lease) / 2) {
        ask(lease, 0);
      }
    }
    return new Outcome.Held(new Hold(held, amount));
  }

  /**
   * Ends a hold: charges what was used and gives the rest back. The caller makes sure that a hold
   * ends once.
   *
   * @param cost nano-USD, charged to each lease of the hold; may exceed the hold
   */
  public void settle(Hold hold, long cost) {
    settle(hold, cost, hold.leaseIds());
  }

  /** As {@link #settle(Hold, long)}, where only some leases of the hold are charged. */
  public void settle(Hold hold, long cost, Collection<String> charged) {
    if (cost < 0) {
      throw new IllegalArgumentException("cost: " + cost + " (expected: >= 0)");
    }
    for (String leaseId : hold.leaseIds()) {
      Lease lease = require(leaseId);
      leases.put(leaseId, lease.toSettled(hold.amount(), charged.contains(leaseId) ? cost : 0));
    }
  }

  /** A grant came: totals only grow, so an old or repeated one changes nothing. */
  public void onGranted(String leaseId, long grantedTotal) {
    Lease lease = leases.get(leaseId);
    if (lease == null) {
      return; // closed meanwhile
    }
    Lease granted = lease.toGranted(grantedTotal);
    leases.put(leaseId, granted);
    Ask ask = asks.get(leaseId);
    if (ask != null && granted.granted() >= ask.needTotal()) {
      asks.remove(leaseId);
    }
  }

  /**
   * The window is over, or the control plane has closed the lease: nothing more is admitted on it.
   */
  public void onEnded(String leaseId) {
    Lease lease = leases.get(leaseId);
    if (lease == null) {
      return;
    }
    leases.put(leaseId, lease.toClosing());
    currentByBudget.remove(lease.budgetId(), leaseId);
    asks.remove(leaseId);
  }

  /** Leases on which nothing is held any more and that can be closed. */
  public List<Lease> drained() {
    return leases.values().stream()
        .filter(lease -> lease.state() == Lease.State.CLOSING && lease.reserved() == 0)
        .toList();
  }

  /** The control plane has confirmed the close. */
  public void onClosed(String leaseId) {
    Lease lease = leases.get(leaseId);
    if (lease != null) {
      onEnded(leaseId);
      if (require(leaseId).reserved() == 0) {
        leases.remove(leaseId);
      }
    }
  }

  /** What has to be asked for now; asked again until a grant answers it. */
  public List<Ask> pendingAsks() {
    return List.copyOf(asks.values());
  }

  /** Gives up an ask that has been answered with a no; the next short request asks again. */
  public void dropAsk(String leaseId) {
    asks.remove(leaseId);
  }

  /** Every lease the book knows. */
  public List<Lease> leases() {
    return List.copyOf(leases.values());
  }

  public Optional<Lease> lease(String leaseId) {
    return Optional.ofNullable(leases.get(leaseId));
  }

  /** Opens a lease for a budget ahead of the first request, so that this one does not wait. */
  public void warm(String budgetId, long amount) {
    largestHold.merge(budgetId, amount, Math::max);
    Lease lease = current(budgetId);
    if (lease.free() < amount) {
      ask(lease, 0);
    }
  }

  private Lease current(String budgetId) {
    String leaseId = currentByBudget.get(budgetId);
    if (leaseId != null) {
      return require(leaseId);
    }
    Lease fresh = Lease.pending(newLeaseId.get(), budgetId);
    leases.put(fresh.leaseId(), fresh);
    currentByBudget.put(budgetId, fresh.leaseId());
    return fresh;
  }

  private void ask(Lease lease, long need) {
    long base = Math.addExact(lease.consumed(), lease.reserved());
    long needTotal = need == 0 ? 0 : Math.addExact(base, need);
    long want;
    try {
      want = Math.addExact(Math.max(base, needTotal), comfort(lease));
    } catch (ArithmeticException huge) {
      want = Long.MAX_VALUE;
    }
    Ask ask = new Ask(lease.leaseId(), lease.budgetId(), needTotal, want);
    asks.merge(lease.leaseId(), ask, LeaseBook::both);
  }

  /**
   * The smaller need of two that wait: the control plane grants a need or nothing, and a request
   * that cannot be paid must not take a smaller one with it. The larger asks again once this is
   * answered.
   */
  private static Ask both(Ask one, Ask other) {
    long need =
        one.needTotal() == 0 || other.needTotal() == 0
            ? Math.max(one.needTotal(), other.needTotal())
            : Math.min(one.needTotal(), other.needTotal());
    return new Ask(
        one.leaseId(), one.budgetId(), need, Math.max(one.wantTotal(), other.wantTotal()));
  }

  /**
   * What a node would like to have free: some worst cases, and as much as it holds now, so that
   * what it has grows with its traffic and a burst does not wait once for each of its exchanges.
   */
  private long comfort(Lease lease) {
    long largest = largestHold.getOrDefault(lease.budgetId(), 0L);
    long some = largest > Long.MAX_VALUE / COMFORT ? Long.MAX_VALUE : largest * COMFORT;
    return Math.max(some, lease.reserved());
  }

  private Lease require(String leaseId) {
    Lease lease = leases.get(leaseId);
    if (lease == null) {
      throw new IllegalStateException("lease " + leaseId + " is not in the book");
    }
    return lease;
  }
}
