package dev.penstock.controlplane.threshold;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.threshold.Standing.Change;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/**
 * Holds what is spent against thresholds, several times a second, and notes what begins and ends.
 *
 * <p>It compares rows, as the alignment of limits does: so it does not matter who spent, who raised
 * a budget or which replica looks, and a crash loses nothing but the time to the next look. One
 * replica looks at a time, and what has been noted is noted once by its key.
 */
@Singleton
public class ThresholdWatch {

  private static final Logger LOG = Logger.getLogger(ThresholdWatch.class);

  private final Transactions transactions;
  private final InstantSource clock;

  @Inject
  ThresholdWatch(Transactions transactions) {
    this(transactions, InstantSource.system());
  }

  ThresholdWatch(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  @Scheduled(every = "0.5s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void watch() {
    try {
      look();
    } catch (SQLException e) {
      LOG.debugf("no look at thresholds: %s", e.getMessage()); // the next one is soon
    }
  }

  /** Notes what has begun and ended since the last look; returns how much that was. */
  int look() throws SQLException {
    Instant now = clock.instant();
    return transactions.inOne(connection -> look(connection, now));
  }

  private static int look(Connection connection, Instant now) throws SQLException {
    ThresholdRows rows = new ThresholdRows(connection);
    if (!rows.tryLock()) {
      return 0;
    }
    int noted = 0;
    for (Standing standing : rows.standings(now)) {
      for (Change change : standing.changes()) {
        rows.write(standing, change);
        noted++;
      }
    }
    return noted;
  }
}
