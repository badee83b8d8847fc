package dev.penstock.kernel.lease;

import dev.penstock.kernel.lease.Lease.State;
import dev.penstock.kernel.lease.LeaseAccount.BudgetAccount;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A node's book of budget leases: what it may spend, what it has set aside, what it has used.
 *
 * <p>Sans-I/O: the shell feeds it grants and requests, and sends what it returns. It is not
 * thread-safe; its owner guards it with one lock, inside which nothing waits. A node admits a
 * request only while {@code consumed + reserved + amount <= granted - returned} on every lease that
 * binds it, so that what it spends has always been granted to it alone.
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
  private final Map<String, LeaseAccount> leases = new HashMap<>();
  private final Map<String, BudgetAccount> budgets = new HashMap<>();

  /** Those that have an ask, in the order in which they began to. */
  private final Set<LeaseAccount> asking = new LinkedHashSet<>();

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
    BudgetAccount budget = budgets.computeIfAbsent(lease.budgetId(), BudgetAccount::new);
    LeaseAccount account = new LeaseAccount(lease, budget);
    leases.put(lease.leaseId(), account);
    if (lease.state() != State.CLOSING) {
      budget.current = account;
    }
  }

  /** Sets {@code amount} aside on the lease of every budget, or on none. */
  public Outcome hold(Collection<String> budgetIds, long amount) {
    LeaseAccount[] bound = bound(budgetIds);
    Outcome.Short shortage = null;
    for (LeaseAccount lease : bound) {
      BudgetAccount budget = lease.budget;
      if (lease.free() < amount) {
        ask(lease, amount);
        if (shortage == null) {
          shortage =
              new Outcome.Short(budget.budgetId, lease.leaseId, amount - Math.max(0, lease.free()));
        }
      }
    }
    return shortage != null ? shortage : reserve(bound, amount);
  }

  /** The lease of each budget, in the order of the budgets' ids: one order everywhere. */
  private LeaseAccount[] bound(Collection<String> budgetIds) {
    String[] ids = budgetIds.toArray(String[]::new);
    Arrays.sort(ids);
    LeaseAccount[] bound = new LeaseAccount[ids.length];
    int count = 0;
    for (int i = 0; i < ids.length; i++) {
      if (i == 0 || !ids[i].equals(ids[i - 1])) {
        bound[count++] = current(ids[i]);
      }
    }
    return count == bound.length ? bound : Arrays.copyOf(bound, count);
  }

  private Outcome reserve(LeaseAccount[] bound, long amount) {
    String[] held = new String[bound.length];
    for (int i = 0; i < bound.length; i++) {
      LeaseAccount lease = bound[i];
      lease.reserved = Math.addExact(lease.reserved, amount);
      lease.holds++;
      lease.budget.noteHold(amount);
      held[i] = lease.leaseId;
      if (lease.free() < comfort(lease) / 2) {
        ask(lease, 0);
      }
    }
    return new Outcome.Held(new Hold(List.of(held), amount));
  }

  /**
   * Sets more aside for a hold that has not ended, on each of its leases or on none.
   *
   * @return the hold as it is then, in place of the one before
   */
  public Outcome extend(Hold hold, long more) {
    Outcome.Short shortage = null;
    for (String leaseId : hold.leaseIds()) {
      LeaseAccount lease = require(leaseId);
      if (lease.spare() < more) {
        if (lease.state == State.ACTIVE) {
          ask(lease, more);
        }
        if (shortage == null) {
          shortage =
              new Outcome.Short(lease.budget.budgetId, leaseId, more - Math.max(0, lease.spare()));
        }
      }
    }
    if (shortage != null) {
      return shortage;
    }
    for (String leaseId : hold.leaseIds()) {
      LeaseAccount lease = require(leaseId);
      lease.reserved = Math.addExact(lease.reserved, more);
      if (lease.state == State.ACTIVE && lease.free() < comfort(lease) / 2) {
        ask(lease, 0);
      }
    }
    return new Outcome.Held(new Hold(hold.leaseIds(), Math.addExact(hold.amount(), more)));
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
      LeaseAccount lease = require(leaseId);
      lease.reserved -= hold.amount();
      lease.holds--;
      if (charged.contains(leaseId)) {
        lease.consumed = Math.addExact(lease.consumed, cost);
        lease.budget.noteSpent(cost);
      }
    }
  }

  /** A grant came: totals only grow, so an old or repeated one changes nothing. */
  public void onGranted(String leaseId, long grantedTotal) {
    LeaseAccount lease = leases.get(leaseId);
    if (lease == null) {
      return; // closed meanwhile
    }
    lease.granted = Math.max(lease.granted, grantedTotal);
    if (lease.state == State.PENDING) {
      lease.state = State.ACTIVE;
    }
    Ask ask = lease.ask;
    if (ask != null && lease.granted >= ask.needTotal()) {
      dropAsk(leaseId);
    }
  }

  /**
   * What the control plane wants to have been given back over the lease's life. It is given back as
   * far as nothing is reserved on it, by {@link #giveBack}, and meanwhile nothing is asked for that
   * no request waits for.
   */
  public void onRecalled(String leaseId, long recallTotal) {
    LeaseAccount lease = leases.get(leaseId);
    if (lease != null) {
      lease.recall = recallTotal;
    }
  }

  /** Leases of which something is wanted back that is free, as they stand once it is given. */
  public List<Lease> recalled() {
    return leases.values().stream()
        .filter(lease -> Math.min(lease.recalled(), lease.free()) > 0)
        .map(lease ->
            lease.view().withReturned(lease.returned + Math.min(lease.recalled(), lease.free())))
        .toList();
  }

  /**
   * Lowers the node's own limit; only then may the control plane hear of it.
   *
   * @throws IllegalArgumentException if that much is not free
   */
  public void giveBack(String leaseId, long returnedTotal) {
    LeaseAccount lease = require(leaseId);
    if (returnedTotal < lease.returned || returnedTotal - lease.returned > lease.free()) {
      throw new IllegalArgumentException(
          "lease %s: returned %d (expected: %d and at most %d more)"
              .formatted(leaseId, returnedTotal, lease.returned, lease.free()));
    }
    lease.returned = returnedTotal;
  }

  /**
   * The window is over, or the control plane has closed the lease: nothing more is admitted on it.
   */
  public void onEnded(String leaseId) {
    LeaseAccount lease = leases.get(leaseId);
    if (lease == null) {
      return;
    }
    lease.state = State.CLOSING;
    if (lease.budget.current == lease) {
      lease.budget.current = null;
    }
    dropAsk(leaseId);
  }

  /**
   * The control plane has said that nothing more may be spent from a lease, not even for a hold.
   */
  public void onRevoked(String leaseId) {
    LeaseAccount lease = leases.get(leaseId);
    if (lease != null) {
      lease.revoked = true;
    }
    onEnded(leaseId);
  }

  /** Leases on which nothing is held any more and that can be closed. */
  public List<Lease> drained() {
    return leases.values().stream()
        .filter(lease -> lease.state == State.CLOSING && lease.holds == 0)
        .map(LeaseAccount::view)
        .toList();
  }

  /** The control plane has confirmed the close. */
  public void onClosed(String leaseId) {
    onEnded(leaseId);
    LeaseAccount lease = leases.get(leaseId);
    if (lease != null && lease.holds == 0) {
      leases.remove(leaseId);
    }
  }

  /** What has to be asked for now; asked again until a grant answers it. */
  public List<Ask> pendingAsks() {
    return asking.stream().map(lease -> lease.ask).filter(Objects::nonNull).toList();
  }

  /** Gives up an ask that has been answered with a no; the next short request asks again. */
  public void dropAsk(String leaseId) {
    LeaseAccount lease = leases.get(leaseId);
    if (lease != null && lease.ask != null) {
      lease.ask = null;
      asking.remove(lease);
    }
  }

  /**
   * What is reserved, by lease, where anything is.
   *
   * @param most leases; the largest amounts where there are more
   */
  public Map<String, Long> held(int most) {
    return leases.values().stream()
        .filter(lease -> lease.reserved > 0)
        .sorted(Comparator.comparingLong((LeaseAccount lease) -> lease.reserved).reversed())
        .limit(most)
        .collect(Collectors.toMap(lease -> lease.leaseId, lease -> lease.reserved));
  }

  /** Every lease the book knows. */
  public List<Lease> leases() {
    return leases.values().stream().map(LeaseAccount::view).toList();
  }

  public Optional<Lease> lease(String leaseId) {
    return Optional.ofNullable(leases.get(leaseId)).map(LeaseAccount::view);
  }

  /**
   * Time goes by, which makes a rate of what is spent.
   *
   * @param now monotonic nanoseconds
   */
  public void onTime(long now) {
    budgets.values().forEach(budget -> budget.noteTime(now));
  }

  /** Opens a lease for a budget ahead of the first request, so that this one does not wait. */
  public void warm(String budgetId, long amount) {
    LeaseAccount lease = current(budgetId);
    lease.budget.noteHold(amount);
    if (lease.free() < amount) {
      ask(lease, 0);
    }
  }

  private LeaseAccount current(String budgetId) {
    BudgetAccount budget = budgets.get(budgetId);
    if (budget == null) {
      budget = new BudgetAccount(budgetId);
      budgets.put(budgetId, budget);
    }
    LeaseAccount current = budget.current;
    if (current == null) {
      current = new LeaseAccount(newLeaseId.get(), budget);
      leases.put(current.leaseId, current);
      budget.current = current;
    }
    return current;
  }

  private void ask(LeaseAccount lease, long need) {
    if (need == 0 && lease.recalled() > 0) {
      return;
    }
    Ask before = lease.ask;
    long base = Math.addExact(Math.addExact(lease.consumed, lease.reserved), lease.returned);
    long needTotal = need == 0 ? 0 : saturated(base, need);
    long want = saturated(Math.max(base, needTotal), Math.max(comfort(lease), worstCases(need)));
    Ask ask = new Ask(lease.leaseId, lease.budget.budgetId, needTotal, want);
    lease.ask = before == null ? ask : both(before, ask);
    asking.add(lease);
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
   * What a node would like to have free: some worst cases; as much as it holds now, so that what it
   * has grows with its traffic and a burst does not wait once for each of its exchanges; and what
   * it spends in a minute, so that it goes on for about as long where nobody answers.
   */
  private static long comfort(LeaseAccount lease) {
    BudgetAccount budget = lease.budget;
    return Math.max(Math.max(worstCases(budget.largestHold), lease.reserved), budget.burnPerMinute);
  }

  private static long worstCases(long each) {
    return each > Long.MAX_VALUE / COMFORT ? Long.MAX_VALUE : each * COMFORT;
  }

  private static long saturated(long base, long more) {
    return base > Long.MAX_VALUE - more ? Long.MAX_VALUE : base + more;
  }

  private LeaseAccount require(String leaseId) {
    LeaseAccount lease = leases.get(leaseId);
    if (lease == null) {
      throw new IllegalStateException("lease " + leaseId + " is not in the book");
    }
    return lease;
  }
}
