package dev.penstock.kernel.lease;

import dev.penstock.kernel.lease.LeaseBook.Ask;
import dev.penstock.kernel.lease.LeaseBook.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A node's side of the lease protocol: its book, what was said about each lease and what is to be
 * said next. Without I/O and without a clock: {@code now} is monotonic nanoseconds. Not
 * thread-safe.
 *
 * <p>What is granted stands in the journal before it can be spent, what is given back before the
 * control plane hears of it, and a lease is marked as closing there before it is closed: so a
 * successor on the same disk neither loses money nor spends it twice.
 */
public final class NodeLeases {

  private final LeaseJournal journal;
  private final LeaseBook book;
  private final Map<String, LeaseTalk> talks = new HashMap<>();
  private boolean connected;

  /** What the control plane has said of a lease, such as a no. */
  public record Word(Lease lease, LeaseGrant answer, long millisToEnd) {}

  /** {@code newLeaseId} makes random UUID texts. */
  public NodeLeases(LeaseJournal journal, Supplier<String> newLeaseId) {
    this.journal = Objects.requireNonNull(journal, "journal");
    book = new LeaseBook(newLeaseId);
  }

  /** Goes on with the leases that the predecessor on the same journal had, oldest first. */
  public void restore(Collection<Lease> predecessors) {
    Map<String, String> newest = new HashMap<>();
    for (Lease lease : predecessors) {
      book.restore(lease);
      talk(lease.leaseId());
      if (lease.state() != Lease.State.CLOSING) {
        // Two of one budget: the process died between a successor's first line and this one's last.
        Optional.ofNullable(newest.put(lease.budgetId(), lease.leaseId())).ifPresent(this::end);
      }
    }
  }

  /** See {@link LeaseBook#hold}. */
  public Outcome hold(Collection<String> budgetIds, long amount) {
    return book.hold(budgetIds, amount);
  }

  /** See {@link LeaseBook#extend}. */
  public Outcome extend(Hold hold, long more) {
    return book.extend(hold, more);
  }

  /** See {@link LeaseBook#settle}. */
  public void settle(Hold hold, long cost, Collection<String> charged) {
    book.settle(hold, cost, charged);
  }

  /** A no that still holds for a request that is short; empty if an answer may still help. */
  public Optional<Word> refusal(Outcome.Short shortage, long amount, long now) {
    Lease lease = book.lease(shortage.leaseId()).orElseThrow();
    LeaseTalk talk = talk(shortage.leaseId());
    Optional<LeaseGrant> no =
        lease.state() == Lease.State.CLOSING // nobody asks for more on it
            ? talk.answer()
            : talk.no(lease, amount, now);
    return no.map(answer -> {
      book.dropAsk(shortage.leaseId());
      return new Word(lease, answer, talk.millisToEnd(now));
    });
  }

  /** The last answer, where it said that others have been asked for what the lease lacks. */
  public Optional<Word> recalling(Outcome.Short shortage, long now) {
    Lease lease = book.lease(shortage.leaseId()).orElseThrow();
    LeaseTalk talk = talk(shortage.leaseId());
    return talk.recalling().map(answer -> new Word(lease, answer, talk.millisToEnd(now)));
  }

  /** What was said last of the lease that is spent from for a budget; empty: nothing was. */
  public Optional<Word> lastWord(String budgetId, long now) {
    for (Lease lease : book.leases()) {
      if (lease.budgetId().equals(budgetId) && lease.state() == Lease.State.ACTIVE) {
        LeaseTalk talk = talk(lease.leaseId());
        return talk.answer().map(answer -> new Word(lease, answer, talk.millisToEnd(now)));
      }
    }
    return Optional.empty();
  }

  /** Whether a lease was never granted to. */
  public boolean isPending(String leaseId) {
    return book.lease(leaseId).orElseThrow().state() == Lease.State.PENDING;
  }

  /** Every lease that the node knows. */
  public List<Lease> leases() {
    return book.leases();
  }

  /** What is reserved, by lease; of at most so many, the largest. */
  public Map<String, Long> held(int most) {
    return book.held(most);
  }

  /** A session begins: everything that is outstanding is said again. */
  public void onConnected() {
    connected = true;
    talks.values().forEach(LeaseTalk::onConnected);
  }

  /** Nobody answers any more. */
  public void onDisconnected() {
    connected = false;
  }

  /** What has to be asked now. Marks it as asked. */
  public List<LeaseAsk> dueAsks(long now) {
    endWindows(now);
    book.onTime(now);
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
      if (lease.state() == Lease.State.ACTIVE && talk.isStale(now)) {
        Ask nothing = new Ask(lease.leaseId(), lease.budgetId(), 0, lease.granted());
        due.add(talk.ask(nothing, lease, now));
      }
    }
    return due;
  }

  /** A lease stands in the journal before its first question: the answer may find a successor. */
  private boolean isWritten(Lease lease) {
    return lease.state() != Lease.State.PENDING || journal.write(lease);
  }

  private void endWindows(long now) {
    if (!connected) {
      return; // money of an old window is safe to spend, and there is no other
    }
    for (Lease lease : book.leases()) {
      if (lease.state() == Lease.State.ACTIVE && talk(lease.leaseId()).hasEnded(now)) {
        end(lease.leaseId());
        book.warm(lease.budgetId(), 1);
      }
    }
  }

  /** What has to be given back now, newly or again. Lowers the node's own limit first. */
  public List<LeaseReturn> dueReturns(long now) {
    for (Lease lowered : book.recalled()) {
      if (journal.write(lowered)) {
        book.giveBack(lowered.leaseId(), lowered.returned());
      }
    }
    List<LeaseReturn> due = new ArrayList<>();
    for (Lease lease : book.leases()) {
      if (lease.returned() > 0 && lease.state() == Lease.State.ACTIVE) {
        LeaseTalk talk = talk(lease.leaseId());
        if (talk.mayTellReturn(lease.returned(), now)) {
          due.add(talk.tellReturn(lease, now));
        }
      }
    }
    return due;
  }

  /** What has to be closed now. Marks it as said. */
  public List<LeaseEnd> dueCloses(long now) {
    List<LeaseEnd> due = new ArrayList<>();
    for (Lease lease : book.drained()) {
      LeaseTalk talk = talk(lease.leaseId());
      OptionalLong lastSeq = journal.finalSeq(lease.leaseId());
      if (lastSeq.isPresent() && talk.maySendClose(now) && isClosingWritten(lease, talk)) {
        due.add(talk.close(lease, lastSeq.getAsLong(), now));
      }
    }
    return due;
  }

  private boolean isClosingWritten(Lease lease, LeaseTalk talk) {
    if (!talk.isClosingWritten() && journal.write(lease)) {
      talk.onClosingWritten();
    }
    return talk.isClosingWritten();
  }

  /** The control plane has answered. Totals only grow, so an old or repeated answer is harmless. */
  public void onGrant(LeaseGrant grant, long now) {
    Optional<Lease> known = book.lease(grant.leaseId());
    if (known.isEmpty()) {
      return; // closed meanwhile
    }
    LeaseTalk talk = talk(grant.leaseId());
    talk.onAnswer(grant, now);
    talk.onReturnConfirmed(grant.returnedTotal());
    if (grant.state().isOver()) {
      if (known.get().state() != Lease.State.CLOSING) {
        end(grant.leaseId());
      }
      book.onRevoked(grant.leaseId());
      return;
    }
    accept(known.get(), grant);
    book.onRecalled(grant.leaseId(), grant.recallTotal());
    if (talk.isRefused()) {
      book.dropAsk(grant.leaseId());
    }
  }

  private void accept(Lease lease, LeaseGrant grant) {
    boolean isNews = grant.grantedTotal() > lease.granted() || lease.state() == Lease.State.PENDING;
    Lease granted = lease.withGranted(Math.max(lease.granted(), grant.grantedTotal()));
    Lease written = lease.state() == Lease.State.PENDING ? granted.in(Lease.State.ACTIVE) : granted;
    if (!isNews || journal.write(written)) {
      book.onGranted(grant.leaseId(), grant.grantedTotal());
    }
  }

  /** The control plane wants money back, or has taken note of what came. */
  public void onRecall(LeaseRecall recall) {
    if (book.lease(recall.leaseId()).isPresent()) {
      talk(recall.leaseId()).onReturnConfirmed(recall.returnedTotal());
      book.onRecalled(recall.leaseId(), recall.recallTotal());
    }
  }

  /** The control plane has closed a lease. */
  public void onClosed(String leaseId) {
    Optional<Lease> known = book.lease(leaseId);
    if (known.isEmpty()) {
      return;
    }
    boolean unused = known.get().reserved() == 0 && journal.finalSeq(leaseId).isPresent();
    if (!unused) {
      end(leaseId);
      book.onRevoked(leaseId);
    } else if (journal.forget(known.get())) {
      book.onClosed(leaseId);
      talks.remove(leaseId);
    }
  }

  private void end(String leaseId) {
    book.lease(leaseId)
        .ifPresent(lease -> {
          if (journal.write(lease.in(Lease.State.CLOSING))) {
            talk(leaseId).onClosingWritten();
          }
          book.onEnded(leaseId);
        });
  }

  private LeaseTalk talk(String leaseId) {
    return talks.computeIfAbsent(leaseId, id -> new LeaseTalk());
  }
}
