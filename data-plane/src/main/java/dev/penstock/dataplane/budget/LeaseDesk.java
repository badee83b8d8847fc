package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.budget.HoldWaiter.Claim;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.kernel.lease.Hold;
import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseBook.Outcome;
import dev.penstock.kernel.lease.LeaseEnd;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.LeaseRecall;
import dev.penstock.kernel.lease.LeaseReturn;
import dev.penstock.kernel.lease.NodeLeases;
import dev.penstock.kernel.lease.NodeLeases.Word;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The one owner of the node's leases: exchanges hold and settle here, the session with the control
 * plane asks and hears here.
 *
 * <p>One short lock guards the {@link NodeLeases}; nothing waits inside it. An exchange that finds
 * the money at hand goes on at once. One that does not waits outside for the control plane's
 * answer, for a second at most; for 2 s where no grant can have come yet, because the lease is new
 * or because the node has just started and its first session is not open yet.
 *
 * <p>{@link NodeLeases} says what is written into the spool before what is done or said.
 */
public final class LeaseDesk {

  /** A control plane that is slow is no reason to refuse what there is money for. */
  private static final long MAX_WAIT_MILLIS = 1_000;

  /** For a lease that was never granted to, and while the first session is being opened. */
  private static final long MAX_FIRST_WAIT_MILLIS = 2_000;

  /** Leases of which the control plane is told what is held. */
  private static final int MAX_TOLD = 1_000;

  /** Whether somebody can answer. */
  private enum Line {
    /** Not known yet: the node has just started, or changes its certificate. */
    OPENING,
    OPEN,
    DOWN
  }

  /** Lock order: this lock, then the spool's. */
  private final Object lock = new Object();

  private final LongSupplier nanoTime;
  private final NodeLeases leases;
  private final HoldWaiters waiters = new HoldWaiters();
  private Line line = Line.OPENING;
  private int open;
  private volatile Runnable wake = () -> {};

  /** Goes on with the leases that the spool knows. */
  public LeaseDesk(Spool spool) {
    this(spool, System::nanoTime);
  }

  LeaseDesk(Spool spool, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    SpooledLeases spooled = new SpooledLeases(spool);
    leases = new NodeLeases(spooled, () -> UUID.randomUUID().toString());
    leases.restore(spooled.all());
  }

  /**
   * Sets the worst case aside on every budget, or on none. The future completes on the caller's
   * Vert.x context, at once if the money is at hand. It fails with {@link BudgetExhausted} if the
   * control plane says no, with {@link BudgetUnavailable} if it says nothing.
   */
  public Future<LeaseHold> hold(List<BudgetRule> budgets, NanoUsd worstCase) {
    List<String> ids = budgets.stream().map(BudgetRule::budgetId).toList();
    return claim(budgets, new Claim.First(ids), worstCase, LeaseDesk::callersContext);
  }

  /**
   * Sets more aside for a hold, on every lease of it or on none; otherwise as {@link #hold}. Fails
   * with {@link HoldEnded} if the hold ends meanwhile.
   *
   * @param budgets those of the hold
   * @param context on which the future completes: a read of a stream comes on its event loop, but
   *     on no context
   */
  Future<LeaseHold> extend(
      LeaseHold hold, List<BudgetRule> budgets, NanoUsd more, Context context) {
    return claim(budgets, new Claim.More(hold), more, () -> context);
  }

  private static Context callersContext() {
    return Objects.requireNonNull(Vertx.currentContext(), "a hold is asked for on a context");
  }

  private Future<LeaseHold> claim(
      List<BudgetRule> budgets, Claim claim, NanoUsd amount, Supplier<Context> context) {
    HoldWaiter waiter;
    long maxWaitMillis;
    synchronized (lock) {
      if (isOver(claim)) {
        return Future.failedFuture(new HoldEnded());
      }
      switch (attempt(claim, amount.value())) {
        case Outcome.Held held -> {
          return Future.succeededFuture(held(claim, held.hold()));
        }
        case Outcome.Short shortage -> {
          Optional<RuntimeException> no = refusal(shortage, budgets, amount.value());
          if (no.isPresent()) {
            return Future.failedFuture(no.get());
          }
          if (!waiters.hasRoom(shortage.budgetId())) {
            return Future.failedFuture(new BudgetUnavailable(rule(shortage, budgets)));
          }
          waiter = new HoldWaiter(budgets, claim, amount, shortage.budgetId(), context.get());
          maxWaitMillis = maxWaitMillis(shortage);
          waiters.add(waiter);
        }
      }
    }
    wake.run();
    return waiter.await(maxWaitMillis, () -> onTimeout(waiter));
  }

  private Outcome attempt(Claim claim, long amount) {
    return switch (claim) {
      case Claim.First(List<String> budgetIds) -> leases.hold(budgetIds, amount);
      case Claim.More(LeaseHold hold) -> leases.extend(hold.current(), amount);
    };
  }

  private LeaseHold held(Claim claim, Hold held) {
    return switch (claim) {
      case Claim.First first -> {
        open++;
        yield new LeaseHold(held);
      }
      case Claim.More(LeaseHold hold) -> {
        hold.grow(held);
        yield hold;
      }
    };
  }

  /** A hold that has ended takes no more money: nobody would give it back. */
  private static boolean isOver(Claim claim) {
    return claim instanceof Claim.More(LeaseHold hold) && hold.isSettled();
  }

  private long maxWaitMillis(Outcome.Short shortage) {
    boolean first = leases.isPending(shortage.leaseId());
    return first || line == Line.OPENING ? MAX_FIRST_WAIT_MILLIS : MAX_WAIT_MILLIS;
  }

  /** Why a short exchange need not wait; empty if an answer may still help. */
  private Optional<RuntimeException> refusal(
      Outcome.Short shortage, List<BudgetRule> budgets, long amount) {
    Optional<Word> no = leases.refusal(shortage, amount, nanoTime.getAsLong());
    if (no.isPresent()) {
      return Optional.of(exhausted(shortage, budgets, no.get()));
    }
    return line == Line.DOWN
        ? Optional.of(new BudgetUnavailable(rule(shortage, budgets)))
        : Optional.empty();
  }

  private static BudgetExhausted exhausted(
      Outcome.Short shortage, List<BudgetRule> budgets, Word no) {
    return new BudgetExhausted(rule(shortage, budgets), left(no), limit(no), no.millisToEnd());
  }

  /** In the window beyond all leases, and free on this node. */
  private static NanoUsd left(Word word) {
    return new NanoUsd(
        Math.addExact(word.answer().windowAvailable(), Math.max(0, word.lease().free())));
  }

  private static NanoUsd limit(Word word) {
    return new NanoUsd(word.answer().windowLimit());
  }

  private static BudgetRule rule(Outcome.Short shortage, List<BudgetRule> budgets) {
    return budgets.stream()
        .filter(budget -> budget.budgetId().equals(shortage.budgetId()))
        .findFirst()
        .orElseThrow();
  }

  private void onTimeout(HoldWaiter waiter) {
    RuntimeException refusal;
    synchronized (lock) {
      if (!waiters.remove(waiter)) {
        return; // an answer came at the same time and is on its way
      }
      switch (attempt(waiter.claim(), waiter.amount())) {
        case Outcome.Held held -> {
          waiter.succeed(held(waiter.claim(), held.hold()));
          return;
        }
        case Outcome.Short shortage -> refusal = tooLate(shortage, waiter.budgets());
      }
    }
    waiter.fail(refusal);
  }

  /** What others were asked to give back did not come in time, or nobody has answered. */
  private RuntimeException tooLate(Outcome.Short shortage, List<BudgetRule> budgets) {
    return leases
        .recalling(shortage, nanoTime.getAsLong())
        .<RuntimeException>map(no -> exhausted(shortage, budgets, no))
        .orElseGet(() -> new BudgetUnavailable(rule(shortage, budgets)));
  }

  /**
   * Ends a hold: charges what was used and gives the rest back. The exchange's record stands in the
   * spool by then.
   *
   * @throws IllegalStateException if it was ended before
   */
  public void settle(LeaseHold hold, NanoUsd cost) {
    settle(hold, cost, hold.leaseIds());
  }

  /** As {@link #settle(LeaseHold, NanoUsd)}, where only some leases of the hold are charged. */
  void settle(LeaseHold hold, NanoUsd cost, List<String> charged) {
    synchronized (lock) {
      leases.settle(hold.toSettled(), cost.value(), charged);
      open--;
      serveWaiters();
    }
  }

  /** What is left of a budget, as this node was told last; empty where it has heard nothing. */
  Optional<BudgetStanding> standing(BudgetRule budget) {
    synchronized (lock) {
      return leases
          .lastWord(budget.budgetId(), nanoTime.getAsLong())
          .map(word -> new BudgetStanding(left(word), limit(word), word.millisToEnd()));
    }
  }

  /** Holds that have not been settled. */
  public int open() {
    synchronized (lock) {
      return open;
    }
  }

  /** What is held now by lease, for the control plane to show. */
  public Map<String, Long> held() {
    synchronized (lock) {
      return leases.held(MAX_TOLD);
    }
  }

  /** Calls back when an exchange waits for an answer; on any thread. */
  public void onWaiting(Runnable listener) {
    wake = listener;
  }

  /** A session begins: everything that is outstanding is asked again. */
  public void onConnected() {
    synchronized (lock) {
      line = Line.OPEN;
      leases.onConnected();
    }
  }

  /** The session begins anew, by our own will and at once: who waits goes on waiting. */
  public void onReconnecting() {
    synchronized (lock) {
      line = Line.OPENING;
      leases.onDisconnected();
    }
  }

  /** No session: who waits is told, as nobody will answer. */
  public void onDisconnected() {
    synchronized (lock) {
      line = Line.DOWN;
      leases.onDisconnected();
      serveWaiters();
    }
  }

  /** What has to be asked now. Marks it as asked. */
  public List<LeaseAsk> dueAsks() {
    synchronized (lock) {
      return leases.dueAsks(nanoTime.getAsLong());
    }
  }

  /** What has to be given back now: the control plane has asked for it, and nobody holds on it. */
  public List<LeaseReturn> dueReturns() {
    synchronized (lock) {
      return leases.dueReturns(nanoTime.getAsLong());
    }
  }

  /** What has to be closed now. Marks it as said. */
  public List<LeaseEnd> dueCloses() {
    synchronized (lock) {
      return leases.dueCloses(nanoTime.getAsLong());
    }
  }

  /** The control plane has answered. Totals only grow, so an old or repeated answer is harmless. */
  public void onGrant(LeaseGrant grant) {
    synchronized (lock) {
      leases.onGrant(grant, nanoTime.getAsLong());
      serveWaiters();
    }
  }

  /** The control plane wants money back, or has taken note of what came. */
  public void onRecall(LeaseRecall recall) {
    synchronized (lock) {
      leases.onRecall(recall);
    }
  }

  /** The control plane has closed a lease. */
  public void onClosed(String leaseId) {
    synchronized (lock) {
      leases.onClosed(leaseId);
      serveWaiters();
    }
  }

  /** Tries again for everybody who waits, in the order of arrival. */
  private void serveWaiters() {
    for (HoldWaiter waiter : waiters.inOrder()) {
      if (isOver(waiter.claim())) {
        waiters.remove(waiter);
        waiter.fail(new HoldEnded());
        continue;
      }
      switch (attempt(waiter.claim(), waiter.amount())) {
        case Outcome.Held held -> {
          waiters.remove(waiter);
          waiter.succeed(held(waiter.claim(), held.hold()));
        }
        case Outcome.Short shortage ->
            refusal(shortage, waiter.budgets(), waiter.amount())
                .ifPresent(no -> {
                  waiters.remove(waiter);
                  waiter.fail(no);
                });
      }
    }
  }
}
