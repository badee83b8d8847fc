package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.RowSecurity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Adds stored records to the sums, many at a time: in a round of ingest nearly every record has
 * rows of sums of its own, in some seconds they share them. Whoever asks for sums has the rest
 * added first, so nobody sees that they are written later.
 *
 * <p>For many threads, of which one adds up at a time, here and among all replicas. Sums and the
 * note of what is in them are one transaction, so whatever breaks off happened or did not.
 */
@Singleton
public class SumDesk {

  private static final Logger LOG = Logger.getLogger(SumDesk.class);

  /** What is added up in one transaction: a fraction of a second, and some ten MiB of memory. */
  private static final int MOST_RECORDS = 25_000;

  private static final Duration EVERY = Duration.ofSeconds(5);

  /** How long somebody who asks for sums is kept waiting for the rest. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Transactions transactions;
  private final SpendTags tags;
  private final Counter leftOut;
  private final AtomicLong behindMillis;
  private final ReentrantLock turn = new ReentrantLock();

  /** How much is tried at once: less after a record that no sum can hold, to find it. */
  private int room = MOST_RECORDS;

  /** What was tried last: if no sum can hold it, it is this that is left out and nothing else. */
  private List<Stretch> tried = List.of();

  /** When the last round began that left nothing behind, by {@link System#nanoTime}. */
  private long wholeSince;

  @Inject
  public SumDesk(Transactions transactions, MeterRegistry meters) {
    this(transactions, meters, SpendTags.USUAL);
  }

  SumDesk(Transactions transactions, MeterRegistry meters, SpendTags tags) {
    this.transactions = transactions;
    this.tags = tags;
    leftOut = meters.counter("penstock.usage.left.out.of.sums");
    behindMillis = meters.gauge("penstock.usage.sums.behind.millis", new AtomicLong());
    wholeSince = System.nanoTime() - Duration.ofDays(1).toNanos();
  }

  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void addUp() {
    try {
      catchUp(EVERY);
      behindMillis.set(Duration.between(since().orElse(Instant.now()), Instant.now()).toMillis());
    } catch (SQLException e) {
      LOG.debugf("no look at what is not added up: %s", e.getMessage()); // the next one is soon
    }
  }

  /**
   * Adds up what was stored before; blocks for a few seconds at most.
   *
   * @return until when records were received that are in the sums, all of them that are committed;
   *     now, unless there are more than could be added up in the time
   */
  public Instant catchUp() throws SQLException {
    // Sums belong to everybody, whoever asks: their rows are written as the control plane's own
    // work.
    return RowSecurity.widened(() -> {
      Instant now = Instant.now();
      return catchUp(PATIENCE) ? now : since().orElse(now);
    });
  }

  private Optional<Instant> since() throws SQLException {
    return transactions.inOne(connection -> new Unsummed(connection).since());
  }

  /** Whether all that was stored before is in the sums. */
  private boolean catchUp(Duration patience) {
    long asked = System.nanoTime();
    try {
      if (!turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    try {
      return addUp(asked, patience);
    } catch (SQLException e) {
      LOG.warnf("nothing is added up: %s", e.getMessage()); // whoever comes next tries again
      return false;
    } finally {
      turn.unlock();
    }
  }

  /** Until all that was there when somebody asked is added up; false where time was short. */
  private boolean addUp(long asked, Duration patience) throws SQLException {
    while (wholeSince - asked < 0) {
      if (System.nanoTime() - asked > patience.toNanos()) {
        return false;
      }
      long began = System.nanoTime();
      if (!addUpSome()) {
        wholeSince = began;
      }
    }
    return true;
  }

  /**
   * Adds up as much as there is room for; returns whether there may be more.
   *
   * <p>What no row of sums can hold (a node may report a trillion tokens for each request) must not
   * keep others' records out: it is looked for by halves, and left out when it is found. The room
   * then grows again step by step, so that many of such records cost little more than others.
   */
  private boolean addUpSome() throws SQLException {
    try {
      boolean more =
          transactions.inOne(
              connection -> new SumRound(connection, tags).addUp(room, records -> tried = records));
      room = Math.min(MOST_RECORDS, 2 * room);
      return more;
    } catch (ArithmeticException beyond) {
      refused(beyond);
    } catch (SQLException e) {
      if (!DataRefused.is(e)) {
        throw e;
      }
      refused(e);
    }
    return true;
  }

  private void refused(Exception why) throws SQLException {
    if (room > 1) {
      room /= 2;
      return;
    }
    transactions.inOne(connection -> {
      new SumRound(connection, tags).leaveOut(tried);
      return true;
    });
    for (Stretch left : tried) {
      leftOut.increment();
      LOG.errorf(
          "record %d of spool %s is in no sum of spend: %s",
          left.firstSeq(), left.spoolId(), why.getMessage());
    }
  }
}
