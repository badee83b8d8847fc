package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.journal.LeaseLine;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.kernel.lease.Lease;
import dev.penstock.kernel.lease.LeaseBook;
import dev.penstock.kernel.lease.LeaseBook.Ask;
import dev.penstock.kernel.lease.LeaseBook.Outcome;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The one owner of the node's leases: exchanges hold and settle here, the session with the control
 * plane asks and hears here.
 *
 * <p>One short lock guards the {@link LeaseBook}; nothing waits inside it. An exchange that finds
 * the money at hand goes on at once. One that does not waits outside for the control plane's
 * answer, for 150 ms at most; for 2 s where no grant can have come yet, because the lease is new or
 * because the node has just started and its first session is not open yet.
 *
 * <p>What is granted stands in the spool before it can be spent, and a lease is marked as closing
 * there before the control plane hears that it is closed: so a successor on the same disk neither
 * loses money nor spends it twice.
 */
public final class LeaseDesk {

  private static final long MAX_WAIT_MILLIS = 150;

  /** For a lease that was never granted to, and while the first session is being opened. */
  private static final long MAX_FIRST_WAIT_MILLIS = 2_000;

  private static final int MAX_WAITERS = 1000;

  /** Whether somebody can answer. */
  private enum Line {
    /** Not known yet: the node has just started, or changes its certificate. */
    OPENING,
    OPEN,
    DOWN
  }

  /** Lock order: this lock, then the spool's. */
  private final Object lock = new Object();

  private final Spool spool;
  private final LongSupplier nanoTime;
  private final LeaseBook book = new LeaseBook(() -> UUID.randomUUID().toString());
  private final Map<String, LeaseTalk> talks = new HashMap<>();
  private final Set<HoldWaiter> waiters = new LinkedHashSet<>();
  private Line line = Line.OPENING;
  private int open;
  private volatile Runnable wake = () -> {};

  /** Goes on with the leases that the spool knows. */
  public LeaseDesk(Spool spool) {
    this(spool, System::nanoTime);
  }

  LeaseDesk(Spool spool, LongSupplier nanoTime) {
    this.spool = spool;
    this.nanoTime = nanoTime;
    Map<String, String> newest = new HashMap<>();
    for (LeaseLine line : spool.leases()) {
      book.restore(
          new Lease(
              line.leaseId(), line.budgetId(), line.granted(), line.consumed(), 0, state(line)));
      talk(line.leaseId());
      if (line.state() != LeaseLine.State.CLOSING) {
        // Two of one budget: the process died between a successor's first line and this one's last.
        Optional.ofNullable(newest.put(line.budgetId(), line.leaseId())).ifPresent(this::end);
      }
    }
  }

  private static Lease.State state(LeaseLine line) {
    return switch (line.state()) {
      case PENDING -> Lease.State.PENDING;
      case ACTIVE -> Lease.State.ACTIVE;
      case CLOSING, CLOSED -> Lease.State.CLOSING;
    };
  }

  /**
   * Sets the worst case aside on every budget, or on none. The future completes on the caller's
   * Vert.x context, at once if the money is at hand. It fails with {@link BudgetExhausted} if the
   * control plane says no, with {@link BudgetUnavailable} if it says nothing.
   */
  public Future<LeaseHold> hold(List<BudgetRule> budgets, NanoUsd worstCase) {
    List<String> ids = budgets.stream().map(BudgetRule::budgetId).toList();
    HoldWaiter waiter;
    long maxWaitMillis;
    synchronized (lock) {
      switch (book.hold(ids, worstCase.value())) {
        case Outcome.Held held -> {
          open++;
          return Future.succeededFuture(new LeaseHold(held.hold()));
        }
        case Outcome.Short shortage -> {
          Optional<RuntimeException> no = refusal(shortage, budgets, worstCase.value());
          if (no.isPresent()) {
            return Future.failedFuture(no.get());
          }
          if (waiters.size() >= MAX_WAITERS) {
            return Future.failedFuture(new BudgetUnavailable(rule(shortage, budgets)));
          }
          waiter = new HoldWaiter(budgets, ids, worstCase);
          maxWaitMillis = maxWaitMillis(shortage);
          waiters.add(waiter);
        }
      }
    }
    wake.run();
    return waiter.await(maxWaitMillis, () -> onTimeout(waiter));
  }

  private long maxWaitMillis(Outcome.Short shortage) {
    boolean first = book.lease(shortage.leaseId()).orElseThrow().state() == Lease.State.PENDING;
    return first || line == Line.OPENING ? MAX_FIRST_WAIT_MILLIS : MAX_WAIT_MILLIS;
  }

  /** Why a short exchange need not wait; empty if an answer may still help. */
  private Optional<RuntimeException> refusal(
      Outcome.Short shortage, List<BudgetRule> budgets, long amount) {
    Lease lease = book.lease(shortage.leaseId()).orElseThrow();
    long now = nanoTime.getAsLong();
    LeaseTalk talk = talk(shortage.leaseId());
    Optional<LeaseGrant> no = talk.no(lease, amount, now);
    if (no.isPresent()) {
      book.dropAsk(shortage.leaseId());
      return Optional.of(exhausted(shortage, budgets, no.get(), lease, talk.millisToEnd(now)));
    }
    return line == Line.DOWN
        ? Optional.of(new BudgetUnavailable(rule(shortage, budgets)))
        : Optional.empty();
  }

  private static BudgetExhausted exhausted(
      Outcome.Short shortage,
      List<BudgetRule> budgets,
      LeaseGrant no,
      Lease lease,
      long resetsInMillis) {
    return new BudgetExhausted(
        rule(shortage, budgets),
        new NanoUsd(Math.addExact(no.windowAvailable(), Math.max(0, lease.free()))),
        new NanoUsd(no.windowLimit()),
        resetsInMillis);
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
      switch (book.hold(waiter.budgetIds(), waiter.amount())) {
        case Outcome.Held held -> {
          open++;
          waiter.succeed(new LeaseHold(held.hold()));
          return;
        }
        case Outcome.Short shortage ->
            refusal = new BudgetUnavailable(rule(shortage, waiter.budgets()));
      }
    }
    waiter.fail(refusal);
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
      book.settle(hold.toSettled(), cost.value(), charged);
      open--;
      serveWaiters();
    }
  }

  /** Holds that have not been settled. */
  public int open() {
    synchronized (lock) {
      return open;
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
      talks.values().forEach(LeaseTalk::onConnected);
    }
  }

  /** The session begins anew, by our own will and at once: who waits goes on waiting. */
  public void onReconnecting() {
    synchronized (lock) {
      line = Line.OPENING;
    }
  }

  /** No session: who waits is told, as nobody will answer. */
  public void onDisconnected() {
    synchronized (lock) {
      line = Line.DOWN;
      serveWaiters();
    }
  }

  /** What has to be asked now. Marks it as asked. */
  public List<LeaseAsk> dueAsks() {
    synchronized (lock) {
      long now = nanoTime.getAsLong();
      endWindows(now);
      List<LeaseAsk> due = new ArrayList<>();
      for (Ask ask : book.pendingAsks()) {
        Lease lease = book.lease(ask.leaseId()).orElseThrow();
        LeaseTalk talk = talk(ask.leaseId());
        if (talk.mayAsk(ask, lease, now) && isWritten(lease)) {
          due.add(talk.ask(ask, lease, now));
        }
      }
      for (Lease lease : book.leases()) {
        LeaseTalk talk = talk(lease.leaseId());
        if (lease.state() == Lease.State.ACTIVE && talk.isStale()) {
          Ask nothing = new Ask(lease.leaseId(), lease.budgetId(), 0, lease.granted());
          due.add(talk.ask(nothing, lease, now));
        }
      }
      return due;
    }
  }

  /** A lease stands in the spool before its first question: the answer may come to a successor. */
  private boolean isWritten(Lease lease) {
    return lease.state() != Lease.State.PENDING || write(lease, LeaseLine.State.PENDING);
  }

  private void endWindows(long now) {
    if (line != Line.OPEN) {
      return; // money of an old window is safe to spend, and there is no other
    }
    for (Lease lease : book.leases()) {
      if (lease.state() == Lease.State.ACTIVE && talk(lease.leaseId()).hasEnded(now)) {
        end(lease.leaseId());
        book.warm(lease.budgetId(), 1);
      }
    }
  }

  /** What has to be closed now. Marks it as said. */
  public List<LeaseEnd> dueCloses() {
    synchronized (lock) {
      long now = nanoTime.getAsLong();
      List<LeaseEnd> due = new ArrayList<>();
      for (Lease lease : book.drained()) {
        LeaseTalk talk = talk(lease.leaseId());
        Optional<Long> lastSeq = spool.finalSeq(lease.leaseId());
        if (lastSeq.isPresent() && talk.maySendClose(now) && isClosingWritten(lease, talk)) {
          due.add(talk.close(lease.leaseId(), lastSeq.get(), now));
        }
      }
      return due;
    }
  }

  private boolean isClosingWritten(Lease lease, LeaseTalk talk) {
    if (!talk.isClosingWritten() && write(lease, LeaseLine.State.CLOSING)) {
      talk.onClosingWritten();
    }
    return talk.isClosingWritten();
  }

  /** The control plane has answered. Totals only grow, so an old or repeated answer is harmless. */
  public void onGrant(LeaseGrant grant) {
    synchronized (lock) {
      Optional<Lease> known = book.lease(grant.leaseId());
      if (known.isEmpty()) {
        return; // closed meanwhile
      }
      LeaseTalk talk = talk(grant.leaseId());
      talk.onAnswer(grant, nanoTime.getAsLong());
      if (grant.state() == LeaseGrant.State.CLOSED) {
        end(grant.leaseId());
      } else {
        accept(known.get(), grant);
        if (talk.isRefused()) {
          book.dropAsk(grant.leaseId());
        }
      }
      serveWaiters();
    }
  }

  private void accept(Lease lease, LeaseGrant grant) {
    boolean isNews = grant.grantedTotal() > lease.granted() || lease.state() == Lease.State.PENDING;
    Lease granted =
        new Lease(
            lease.leaseId(),
            lease.budgetId(),
            Math.max(lease.granted(), grant.grantedTotal()),
            lease.consumed(),
            lease.reserved(),
            lease.state());
    LeaseLine.State state =
        lease.state() == Lease.State.CLOSING ? LeaseLine.State.CLOSING : LeaseLine.State.ACTIVE;
    if (!isNews || write(granted, state)) {
      book.onGranted(grant.leaseId(), grant.grantedTotal());
    }
  }

  /** The control plane has closed a lease. */
  public void onClosed(String leaseId) {
    synchronized (lock) {
      Optional<Lease> known = book.lease(leaseId);
      if (known.isEmpty()) {
        return;
      }
      boolean unused = known.get().reserved() == 0 && spool.finalSeq(leaseId).isPresent();
      if (!unused) {
        end(leaseId);
      } else if (write(known.get(), LeaseLine.State.CLOSED)) {
        book.onClosed(leaseId);
        talks.remove(leaseId);
      }
      serveWaiters();
    }
  }

  private void end(String leaseId) {
    book.lease(leaseId)
        .ifPresent(lease -> {
          if (write(lease, LeaseLine.State.CLOSING)) {
            talk(leaseId).onClosingWritten();
          }
          book.onEnded(leaseId);
        });
  }

  private boolean write(Lease lease, LeaseLine.State state) {
    return spool.tryLease(
        new LeaseLine(lease.leaseId(), lease.budgetId(), lease.granted(), 0, state));
  }

  /** Tries again for everybody who waits, in the order of arrival. */
  private void serveWaiters() {
    for (Iterator<HoldWaiter> all = waiters.iterator(); all.hasNext(); ) {
      HoldWaiter waiter = all.next();
      switch (book.hold(waiter.budgetIds(), waiter.amount())) {
        case Outcome.Held held -> {
          all.remove();
          open++;
          waiter.succeed(new LeaseHold(held.hold()));
        }
        case Outcome.Short shortage ->
            refusal(shortage, waiter.budgets(), waiter.amount())
                .ifPresent(no -> {
                  all.remove();
                  waiter.fail(no);
                });
      }
    }
  }

  private LeaseTalk talk(String leaseId) {
    return talks.computeIfAbsent(leaseId, id -> new LeaseTalk());
  }
}
