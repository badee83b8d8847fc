package dev.penstock.controlplane.usage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets batches of many spools share a transaction. Whoever comes while one runs waits, and is then
 * carried out together with all others who came meanwhile: statements and a commit for ten spools
 * cost little more than for one, and nobody waits for another's locks. With one spool it is one
 * transaction a batch.
 *
 * <p>For many threads. A delivery that cannot be committed together with others is handed back to
 * its own thread to be tried alone, so that one bad record holds up nobody else.
 */
final class IngestRounds {

  /** So that a round takes a fraction of a second and no answer is late. */
  private static final int MOST_RECORDS = 5_000;

  private final Round round;
  private final ReentrantLock turn = new ReentrantLock();
  private final Set<Waiting> waiting = new LinkedHashSet<>();

  /** Commits deliveries of different spools, all or none, and says what became of each. */
  interface Round {
    Map<Delivery, Said> commit(List<Delivery> deliveries) throws SQLException;
  }

  /** What is said of one delivery of a round. */
  sealed interface Said {

    /** It was carried out. */
    record Done(IngestOutcome outcome) implements Said {}

    /** It is none of its node's business; the others of its round were carried out. */
    record Refused(String reason) implements Said {}

    /** What is left of it for its sender. */
    default IngestOutcome outcome() throws SQLException {
      return switch (this) {
        case Done(IngestOutcome outcome) -> outcome;
        case Refused(String reason) -> throw new SQLException(reason);
      };
    }
  }

  /** Its future is empty where it has to be tried alone. */
  private record Waiting(Delivery delivery, CompletableFuture<Optional<Said>> said) {

    UUID spoolId() {
      return delivery.batch().spoolId();
    }
  }

  IngestRounds(Round round) {
    this.round = round;
  }

  /**
   * Waits until the delivery is committed; empty if some record of its round cannot be stored, and
   * nothing was.
   *
   * @throws SQLException if the database failed, or the spool is not the node's
   */
  Optional<IngestOutcome> commit(Delivery delivery) throws SQLException {
    Waiting mine = new Waiting(delivery, new CompletableFuture<>());
    synchronized (waiting) {
      waiting.add(mine);
    }
    turn.lock();
    try {
      while (!mine.said().isDone()) {
        carryOut(next());
      }
    } finally {
      turn.unlock();
    }
    Optional<Said> said = said(mine);
    return said.isEmpty() ? Optional.empty() : Optional.of(said.get().outcome());
  }

  /** How many have come that are not being carried out. */
  int waiting() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** Who has come, as far as there is room; the second batch of a spool waits for the first. */
  private List<Waiting> next() {
    List<Waiting> next = new ArrayList<>();
    Set<UUID> spools = new HashSet<>();
    int records = 0;
    synchronized (waiting) {
      for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
        Waiting each = all.next();
        records += each.delivery().batch().entries().size();
        if (!next.isEmpty() && records > MOST_RECORDS) {
          break;
        }
        if (spools.add(each.spoolId())) {
          next.add(each);
          all.remove();
        }
      }
    }
    return next;
  }

  private void carryOut(List<Waiting> together) {
    try {
      Map<Delivery, Said> said = round.commit(together.stream().map(Waiting::delivery).toList());
      together.forEach(
          each -> each.said().complete(Optional.ofNullable(said.get(each.delivery()))));
    } catch (SQLException e) {
      if (DataRefused.is(e)) {
        together.forEach(each -> each.said().complete(Optional.empty()));
      } else {
        together.forEach(each -> each.said().completeExceptionally(e));
      }
    } catch (RuntimeException fault) {
      // What one of them has brought about must not end the sessions of the others.
      together.forEach(each -> each.said().complete(Optional.empty()));
    }
  }

  private static Optional<Said> said(Waiting mine) throws SQLException {
    if (!mine.said().isCompletedExceptionally()) {
      return mine.said().resultNow();
    }
    Throwable cause = mine.said().exceptionNow();
    String state = cause instanceof SQLException e ? e.getSQLState() : null;
    throw new SQLException(cause.getMessage(), state, cause);
  }
}
