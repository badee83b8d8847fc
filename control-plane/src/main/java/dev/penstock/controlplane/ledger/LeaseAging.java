package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseDecisions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Lets time take its effect on leases whose nodes are silent: sets them apart, lends a bounded part
 * anew where the budget says so, and takes for used what never came back. One replica at a time;
 * each lease is a transaction of its own.
 *
 * <p>How long a node was silent is told by the database's clock. A clock that jumps sets leases
 * apart too early, which costs their nodes a question, and never gives money to two.
 */
@Singleton
public class LeaseAging {

  /** At most so many leases in one round. */
  private static final int MOST = 500;

  /** Names the lock that one replica has at a time. */
  private static final long LOCK = 0x6c65617365_0001L;

  private static final Logger LOG = Logger.getLogger(LeaseAging.class);

  private final Transactions transactions;
  private final LongSupplier nanoTime;
  private final long startedAt;

  @Inject
  public LeaseAging(Transactions transactions) {
    this(transactions, System::nanoTime);
  }

  LeaseAging(Transactions transactions, LongSupplier nanoTime) {
    this.transactions = transactions;
    this.nanoTime = nanoTime;
    startedAt = nanoTime.getAsLong();
  }

  /** What a step does with a lease. */
  private interface Step {
    Decision decide(BudgetWindow window, LeaseBalance lease);
  }

  @Scheduled(every = "5s", delayed = "60s", concurrentExecution = ConcurrentExecution.SKIP)
  void run() {
    try {
      age();
    } catch (SQLException e) {
      LOG.debugf("leases do not age now: %s", e.getMessage()); // the next round is in 5 s
    }
  }

  /** One round; returns how many leases it changed. */
  int age() throws SQLException {
    if (nanoTime.getAsLong() - startedAt < LeaseTimes.QUIET_START.toNanos()) {
      return 0;
    }
    Due due = transactions.inOne(LeaseAging::due);
    return apply(due.silent(), (window, lease) -> LeaseDecisions.expire(window.balance(), lease))
        + apply(due.toRelease(), (window, lease) -> LeaseDecisions.release(window.balance(), lease))
        + apply(
            due.toPresume(), (window, lease) -> LeaseDecisions.presume(window.balance(), lease));
  }

  private record Due(List<UUID> silent, List<UUID> toRelease, List<UUID> toPresume) {
    static final Due NOTHING = new Due(List.of(), List.of(), List.of());
  }

  private static Due due(Connection connection) throws SQLException {
    if (!isOurTurn(connection) || new LeaseRows(connection).isLearning(LeaseTimes.TTL)) {
      return Due.NOTHING;
    }
    return new Due(
        silent(connection),
        quarantined(connection, LeaseTimes.LONGEST_STREAM, "AND w.mode = 'available'"),
        quarantined(connection, LeaseTimes.PRESUMED_AFTER, ""));
  }

  private static boolean isOurTurn(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
      select.setLong(1, LOCK);
      try (ResultSet row = select.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /**
   * Leases that nobody speaks for: their spool is not a connected node's, or it is and the node has
   * not named the lease since it connected.
   */
  private static List<UUID> silent(Connection connection) throws SQLException {
    return leases(
        connection,
        """
        SELECT l.lease_id FROM ledger.lease l
        LEFT JOIN usage.node n ON n.name = l.node AND n.spool_id = l.spool_id
        WHERE l.state = 'ACTIVE' AND l.heard_at < clock_timestamp() - make_interval(secs => ?)
          AND (n.name IS NULL
            OR n.last_heartbeat_at < clock_timestamp() - make_interval(secs => ?)
            OR (l.heard_at < n.connected_at
              AND n.connected_at < clock_timestamp() - make_interval(secs => ?)))
        ORDER BY l.lease_id LIMIT ?\
        """,
        LeaseTimes.TTL,
        LeaseTimes.TTL,
        LeaseTimes.TTL);
  }

  private static List<UUID> quarantined(Connection connection, Duration since, String more)
      throws SQLException {
    return leases(
        connection,
        """
        SELECT l.lease_id FROM ledger.lease l JOIN ledger.budget_window w USING (window_id)
        WHERE l.state = 'QUARANTINED' AND l.quarantined > 0
          AND l.quarantined_at < clock_timestamp() - make_interval(secs => ?) %s
        ORDER BY l.lease_id LIMIT ?\
        """
            .formatted(more),
        since);
  }

  private static List<UUID> leases(Connection connection, String sql, Duration... ages)
      throws SQLException {
    List<UUID> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < ages.length; i++) {
        select.setDouble(i + 1, ages[i].toSeconds());
      }
      select.setInt(ages.length + 1, MOST);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return found;
  }

  private int apply(List<UUID> leaseIds, Step step) throws SQLException {
    return EachApart.of("lease", leaseIds, leaseId -> apply(leaseId, step));
  }

  private int apply(UUID leaseId, Step step) throws SQLException {
    return transactions.inOne(connection -> {
      LedgerRows rows = new LedgerRows(connection);
      UUID windowId = rows.leases().lockableWindow(leaseId);
      BudgetWindow window = Ledger.lock(rows, windowId);
      LeaseBalance lease = rows.leases().lock(leaseId);
      Decision decision = step.decide(window, lease);
      rows.book(new Booking(lease, window.pendingCut(), decision, "lease-aging"));
      if (decision.lease().equals(lease)) {
        return 0;
      }
      LOG.infof(
          "lease %s of node %s: %s, %d nano-USD left",
          leaseId, lease.node(), decision.lease().standing(), decision.lease().rest());
      return 1;
    });
  }
}
