package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.Alignment;
import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.Posting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The ledger's rows. What moves money or takes a lock is a function of the database. */
final class LedgerRows {

  private static final String BUDGET =
      "SELECT budget_id, tenant, amount_nano_usd, window_every, time_zone, rolling_seconds, mode FROM policy.budget ";

  private final Connection connection;

  LedgerRows(Connection connection) {
    this.connection = connection;
  }

  Optional<BudgetTerms> budget(UUID budgetId) throws SQLException {
    return one(BUDGET + "WHERE budget_id = ?", RowMaps::terms, budgetId);
  }

  Optional<BudgetTerms> budget(String tenant, String name) throws SQLException {
    return one(BUDGET + "WHERE tenant = ? AND name = ?", RowMaps::terms, tenant, name);
  }

  void openWindow(BudgetTerms terms, Period period) throws SQLException {
    String mode = terms.mode().name().toLowerCase(Locale.ROOT);
    if (terms.rolling().isPresent()) {
      call(
          "SELECT ledger.open_rolling_window(?, ?, ?, ?, ?)",
          terms.windowId(period),
          terms.tenant(),
          terms.budgetId(),
          mode,
          terms.rolling().get().toSeconds());
      return;
    }
    call(
        "SELECT ledger.open_window(?, ?, ?, ?, ?, ?)",
        terms.windowId(period),
        terms.tenant(),
        terms.budgetId(),
        Timestamp.from(period.startsAt()),
        Timestamp.from(period.endsAt()),
        mode);
  }

  Optional<BudgetWindow> lockWindow(UUID windowId) throws SQLException {
    return one("SELECT * FROM ledger.lock_window(?)", RowMaps::window, windowId);
  }

  /** Windows of a budget, in the order that is asked for. */
  List<BudgetWindow> windows(UUID budgetId, WindowQuery query) throws SQLException {
    return all(
        """
        SELECT * FROM ledger.budget_window WHERE budget_id = ? AND starts_at >= ? AND starts_at < ?
        ORDER BY starts_at %s LIMIT ?\
        """
            .formatted(query.oldestFirst() ? "ASC" : "DESC"),
        RowMaps::window,
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

  Optional<LeaseBalance> lease(UUID leaseId) throws SQLException {
    return one("SELECT * FROM ledger.lease WHERE lease_id = ?", RowMaps::lease, leaseId);
  }

  /** Active leases of a window, but for a node's. */
  List<LeaseBalance> activeLeases(UUID windowId, String notOf) throws SQLException {
    return all(
        "SELECT * FROM ledger.lease WHERE window_id = ? AND state = 'ACTIVE' AND node <> ?",
        RowMaps::lease,
        windowId,
        notOf);
  }

  /** Leases of these nodes of which they have to be told something. */
  List<LeaseBalance> outstanding(Collection<String> nodes) throws SQLException {
    return all(
        """
        SELECT l.* FROM ledger.lease l JOIN usage.node n ON n.name = l.node AND n.spool_id = l.spool_id
        WHERE l.node = ANY (?)
          AND (l.state = 'QUARANTINED' OR (l.state = 'ACTIVE' AND l.recall_total > l.given_back))
        LIMIT 1000\
        """,
        RowMaps::lease,
        connection.createArrayOf("text", nodes.toArray()));
  }

  /** The window that has to be locked before a lease. */
  UUID lockableWindow(UUID leaseId) throws SQLException {
    return lease(leaseId)
        .map(LeaseBalance::windowId)
        .orElseThrow(() -> new SQLException("lease " + leaseId + " is gone"));
  }

  List<LeaseBalance> leases(UUID spoolId, Collection<UUID> leaseIds) throws SQLException {
    return all(
        "SELECT * FROM ledger.lease WHERE spool_id = ? AND lease_id = ANY (?)",
        RowMaps::lease,
        spoolId,
        connection.createArrayOf("uuid", leaseIds.toArray()));
  }

  void openLease(LeaseAsk ask, UUID windowId) throws SQLException {
    call(
        "SELECT ledger.open_lease(?, ?, ?, ?)", ask.leaseId(), windowId, ask.node(), ask.spoolId());
  }

  LeaseBalance lockLease(UUID leaseId) throws SQLException {
    return one("SELECT * FROM ledger.lock_lease(?)", RowMaps::lease, leaseId)
        .orElseThrow(() -> new SQLException("lease " + leaseId + " is gone"));
  }

  /** What a request finds beside its window and lease. */
  record Surroundings(int otherNodes, long newestIncarnation, boolean learning) {}

  Surroundings surroundings(UUID windowId, String node, Duration learning) throws SQLException {
    return one(
            """
            SELECT
              (SELECT count(DISTINCT node) FROM ledger.lease
                WHERE window_id = ? AND state = 'ACTIVE' AND node <> ?),
              (SELECT incarnation FROM usage.node WHERE name = ?),
              ledger.is_learning(?)\
            """,
            row -> new Surroundings(row.getInt(1), row.getLong(2), row.getBoolean(3)),
            windowId,
            node,
            node,
            Math.toIntExact(learning.toSeconds()))
        .orElseThrow(() -> new SQLException("a row without a table is one row"));
  }

  /** Whether a failover is so recent that nodes may not have told yet what they have. */
  boolean isLearning(Duration learning) throws SQLException {
    return one(
            "SELECT ledger.is_learning(?)",
            row -> row.getBoolean(1),
            Math.toIntExact(learning.toSeconds()))
        .orElse(true);
  }

  void setPendingCut(UUID windowId, long amount) throws SQLException {
    call("SELECT ledger.set_pending_cut(?, ?)", windowId, amount);
  }

  /** Books a decision on a locked lease, and notes what postings do not say. */
  void book(LeaseBalance before, long pendingCutBefore, Decision decision, String source)
      throws SQLException {
    LeaseBalance after = decision.lease();
    post(after.windowId(), decision.postings(), source);
    if (decision.window().pendingCut() != pendingCutBefore) {
      setPendingCut(after.windowId(), decision.window().pendingCut());
    }
    if (after.givenBack() != before.givenBack() || after.recallTotal() != before.recallTotal()) {
      note(after, Heard.NO);
    }
    if (after.standing() != before.standing()) {
      switch (after.standing()) {
        case ACTIVE -> throw new SQLException("nothing leads back to an active lease");
        case QUARANTINED -> call("SELECT ledger.quarantine_lease(?)", after.leaseId());
        case CLOSED -> call("SELECT ledger.close_lease(?)", after.leaseId());
      }
    }
  }

  /** Books what happens to a locked window. */
  void book(BudgetWindow before, Alignment alignment, String source) throws SQLException {
    post(before.windowId(), alignment.postings(), source);
    if (alignment.window().pendingCut() != before.pendingCut()) {
      setPendingCut(before.windowId(), alignment.window().pendingCut());
    }
  }

  /** Whether it is the node that is noted as heard of. */
  enum Heard {
    YES,
    NO
  }

  void note(LeaseBalance lease, Heard heard) throws SQLException {
    call(
        "SELECT ledger.note_lease(?, ?, ?, ?)",
        lease.leaseId(),
        lease.givenBack(),
        lease.recallTotal(),
        heard == Heard.YES);
  }

  /** Moves money; the transaction ids make a repetition harmless. */
  private void post(UUID windowId, List<Posting> postings, String source) throws SQLException {
    for (Posting posting : postings) {
      try (PreparedStatement post =
          connection.prepareStatement("SELECT ledger.post(?, ?, ?, ?, ?, ?)")) {
        post.setObject(1, NameUuid.of(posting.name()));
        post.setString(2, posting.transfer().name());
        post.setObject(3, windowId);
        post.setObject(4, posting.leaseId().orElse(null), java.sql.Types.OTHER);
        post.setLong(5, posting.amount());
        post.setString(6, source);
        post.execute();
      }
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
}
