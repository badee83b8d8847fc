package dev.penstock.controlplane.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger's rows. What moves money or takes a lock is a function of the database. */
final class LedgerRows {

  private static final String BUDGET =
      "SELECT budget_id, tenant, amount_nano_usd, window_every, time_zone, mode FROM policy.budget ";

  private final Connection connection;

  LedgerRows(Connection connection) {
    this.connection = connection;
  }

  Optional<BudgetTerms> budget(UUID budgetId) throws SQLException {
    return one(BUDGET + "WHERE budget_id = ?", LedgerRows::terms, budgetId);
  }

  Optional<BudgetTerms> budget(String tenant, String name) throws SQLException {
    return one(BUDGET + "WHERE tenant = ? AND name = ?", LedgerRows::terms, tenant, name);
  }

  void openWindow(BudgetTerms terms, Period period) throws SQLException {
    call(
        "SELECT ledger.open_window(?, ?, ?, ?, ?, ?)",
        terms.windowId(period),
        terms.tenant(),
        terms.budgetId(),
        Timestamp.from(period.startsAt()),
        Timestamp.from(period.endsAt()),
        terms.mode());
  }

  Optional<BudgetWindow> lockWindow(UUID windowId) throws SQLException {
    return one("SELECT * FROM ledger.lock_window(?)", LedgerRows::window, windowId);
  }

  /** Windows of a budget, in the order that is asked for. */
  List<BudgetWindow> windows(UUID budgetId, WindowQuery query) throws SQLException {
    return all(
        """
        SELECT * FROM ledger.budget_window WHERE budget_id = ? AND starts_at >= ? AND starts_at < ?
        ORDER BY starts_at %s LIMIT ?\
        """
            .formatted(query.oldestFirst() ? "ASC" : "DESC"),
        LedgerRows::window,
        budgetId,
        Timestamp.from(query.from()),
        Timestamp.from(query.before()),
        query.limit());
  }

  /** Running windows whose limit is not what their budget says, and not on its way there. */
  List<UUID> misalignedWindows(Instant now) throws SQLException {
    return all(
        """
        SELECT w.window_id FROM ledger.budget_window w
        JOIN policy.budget b ON b.budget_id = w.budget_id
        WHERE w.starts_at <= ? AND w.ends_at > ?
          AND w.limit_nusd - w.pending_cut <> b.amount_nano_usd
        ORDER BY w.window_id\
        """,
        row -> row.getObject(1, UUID.class),
        Timestamp.from(now),
        Timestamp.from(now));
  }

  Optional<LeaseRow> lease(UUID leaseId) throws SQLException {
    return one("SELECT * FROM ledger.lease WHERE lease_id = ?", LedgerRows::leaseRow, leaseId);
  }

  List<LeaseRow> leases(UUID spoolId, Collection<UUID> leaseIds) throws SQLException {
    return all(
        "SELECT * FROM ledger.lease WHERE spool_id = ? AND lease_id = ANY (?)",
        LedgerRows::leaseRow,
        spoolId,
        connection.createArrayOf("uuid", leaseIds.toArray()));
  }

  void openLease(LeaseAsk ask, UUID windowId) throws SQLException {
    call(
        "SELECT ledger.open_lease(?, ?, ?, ?)", ask.leaseId(), windowId, ask.node(), ask.spoolId());
  }

  LeaseRow lockLease(UUID leaseId) throws SQLException {
    return one("SELECT * FROM ledger.lock_lease(?)", LedgerRows::leaseRow, leaseId)
        .orElseThrow(() -> new SQLException("lease " + leaseId + " is gone"));
  }

  void closeLease(UUID leaseId) throws SQLException {
    call("SELECT ledger.close_lease(?)", leaseId);
  }

  /** How many nodes other than this one hold leases on a window. */
  int otherNodes(UUID windowId, String node) throws SQLException {
    return one(
            """
            SELECT count(DISTINCT node) FROM ledger.lease
            WHERE window_id = ? AND state = 'ACTIVE' AND node <> ?\
            """,
            row -> row.getInt(1),
            windowId,
            node)
        .orElse(0);
  }

  void setPendingCut(UUID windowId, long amount) throws SQLException {
    call("SELECT ledger.set_pending_cut(?, ?)", windowId, amount);
  }

  /** Moves money; the transaction id makes a repetition harmless. */
  void post(
      UUID txnId, String kind, UUID windowId, @Nullable UUID leaseId, long amount, String source)
      throws SQLException {
    try (PreparedStatement post =
        connection.prepareStatement("SELECT ledger.post(?, ?, ?, ?, ?, ?)")) {
      post.setObject(1, txnId);
      post.setString(2, kind);
      post.setObject(3, windowId);
      post.setObject(4, leaseId, java.sql.Types.OTHER);
      post.setLong(5, amount);
      post.setString(6, source);
      post.execute();
    }
  }

  private interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private <T> Optional<T> one(String sql, Mapper<T> mapper, Object... arguments)
      throws SQLException {
    return all(sql, mapper, arguments).stream().findFirst();
  }

  private <T> List<T> all(String sql, Mapper<T> mapper, Object... arguments) throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement select = prepare(sql, arguments);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(mapper.map(rows));
      }
    }
    return found;
  }

  private void call(String sql, Object... arguments) throws SQLException {
    try (PreparedStatement function = prepare(sql, arguments)) {
      function.execute();
    }
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  private static BudgetTerms terms(ResultSet row) throws SQLException {
    try {
      return new BudgetTerms(
          row.getObject("budget_id", UUID.class),
          row.getString("tenant"),
          row.getLong("amount_nano_usd"),
          Period.Every.of(row.getString("window_every")),
          ZoneId.of(row.getString("time_zone")),
          row.getString("mode"));
    } catch (DateTimeException unknownZone) {
      throw new SQLException("budget " + row.getString("budget_id") + ": time zone", unknownZone);
    }
  }

  private static BudgetWindow window(ResultSet row) throws SQLException {
    return new BudgetWindow(
        row.getObject("window_id", UUID.class),
        row.getObject("budget_id", UUID.class),
        new Period(
            row.getTimestamp("starts_at").toInstant(), row.getTimestamp("ends_at").toInstant()),
        row.getLong("limit_nusd"),
        row.getLong("pending_cut"),
        row.getLong("limit_moves"),
        row.getLong("available"),
        row.getLong("leased"),
        row.getLong("quarantined"),
        row.getLong("spent"),
        row.getLong("overage"));
  }

  private static LeaseRow leaseRow(ResultSet row) throws SQLException {
    return new LeaseRow(
        row.getObject("lease_id", UUID.class),
        row.getObject("window_id", UUID.class),
        row.getString("node"),
        row.getObject("spool_id", UUID.class),
        row.getLong("granted"),
        row.getLong("returned"),
        row.getLong("settled"),
        "CLOSED".equals(row.getString("state")));
  }
}
