package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.LeaseBalance;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of leases, and what is noted of them beside the money that moves. */
final class LeaseRows {

  private final Sql sql;

  LeaseRows(Connection connection) {
    sql = new Sql(connection);
  }

  Optional<LeaseBalance> find(UUID leaseId) throws SQLException {
    return sql.one("SELECT * FROM ledger.lease WHERE lease_id = ?", RowMaps::lease, leaseId);
  }

  /** Active leases of a window, but for a node's. */
  List<LeaseBalance> active(UUID windowId, String notOf) throws SQLException {
    return sql.all(
        "SELECT * FROM ledger.lease WHERE window_id = ? AND state = 'ACTIVE' AND node <> ?",
        RowMaps::lease,
        windowId,
        notOf);
  }

  /** Leases of these nodes of which they have to be told something. */
  List<LeaseBalance> outstanding(Collection<String> nodes) throws SQLException {
    return sql.all(
        """
        SELECT l.* FROM ledger.lease l JOIN usage.node n ON n.name = l.node AND n.spool_id = l.spool_id
        WHERE l.node = ANY (?)
          AND (l.state = 'QUARANTINED' OR (l.state = 'ACTIVE' AND l.recall_total > l.given_back))
        LIMIT 1000\
        """,
        RowMaps::lease,
        sql.array("text", nodes));
  }

  /** The window that has to be locked before a lease. */
  UUID lockableWindow(UUID leaseId) throws SQLException {
    return find(leaseId)
        .map(LeaseBalance::windowId)
        .orElseThrow(() -> new SQLException("lease " + leaseId + " is gone"));
  }

  List<LeaseBalance> find(Collection<UUID> leaseIds) throws SQLException {
    return sql.all(
        "SELECT * FROM ledger.lease WHERE lease_id = ANY (?)",
        RowMaps::lease,
        sql.array("uuid", leaseIds));
  }

  void open(LeaseAsk ask, UUID windowId) throws SQLException {
    sql.call(
        "SELECT ledger.open_lease(?, ?, ?, ?)", ask.leaseId(), windowId, ask.node(), ask.spoolId());
  }

  LeaseBalance lock(UUID leaseId) throws SQLException {
    return sql.one("SELECT * FROM ledger.lock_lease(?)", RowMaps::lease, leaseId)
        .orElseThrow(() -> new SQLException("lease " + leaseId + " is gone"));
  }

  /** Locks leases in this order. */
  List<LeaseBalance> lock(Collection<UUID> leaseIds) throws SQLException {
    return sql.all(
        "SELECT * FROM ledger.lock_leases(?)", RowMaps::lease, sql.array("uuid", leaseIds));
  }

  /** What a request finds beside its window and lease; nothing where there is no such lease. */
  record Surroundings(int otherNodes, long newestIncarnation, boolean learning) {}

  static Trip.Leg<Surroundings> surroundings(
      Trip trip, UUID leaseId, String node, Duration learning) {
    return trip.leg(
        """
        SELECT
          (SELECT count(DISTINCT node) FROM ledger.lease
            WHERE window_id = (SELECT window_id FROM ledger.lease WHERE lease_id = ?)
              AND state = 'ACTIVE' AND node <> ?),
          (SELECT incarnation FROM usage.node WHERE name = ?),
          ledger.is_learning(?)
        WHERE EXISTS (SELECT FROM ledger.lease WHERE lease_id = ?)\
        """,
        row -> new Surroundings(row.getInt(1), row.getLong(2), row.getBoolean(3)),
        leaseId,
        node,
        node,
        Math.toIntExact(learning.toSeconds()),
        leaseId);
  }

  /** Whether a failover is so recent that nodes may not have told yet what they have. */
  boolean isLearning(Duration learning) throws SQLException {
    return sql.one(
            "SELECT ledger.is_learning(?)",
            row -> row.getBoolean(1),
            Math.toIntExact(learning.toSeconds()))
        .orElse(true);
  }

  /** Whether it is the node that is noted as heard of. */
  enum Heard {
    YES,
    NO
  }

  void note(LeaseBalance lease, Heard heard) throws SQLException {
    note(lease, heard, sql::call);
  }

  static void note(LeaseBalance lease, Heard heard, Sql.Caller caller) throws SQLException {
    caller.call(
        "SELECT ledger.note_lease(?, ?, ?, ?)",
        lease.leaseId(),
        lease.givenBack(),
        lease.recallTotal(),
        heard == Heard.YES);
  }
}
