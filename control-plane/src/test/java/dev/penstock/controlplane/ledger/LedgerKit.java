package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.kit.MigratedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** A ledger on the tests' Postgres, with a clock that stands until it is moved. */
final class LedgerKit {

  static final Instant MARCH = Instant.parse("2026-03-10T12:00:00Z");

  final AtomicReference<Instant> now = new AtomicReference<>(MARCH);
  final Transactions transactions = new Transactions(MigratedPostgres.app());
  final Ledger ledger = new Ledger(transactions, now::get);
  final String tenant = "t-" + UUID.randomUUID();

  /** States a strict budget by the month, as the platform team would. */
  UUID budget(long amount) throws SQLException {
    return budget(amount, "strict");
  }

  UUID budget(long amount, String mode) throws SQLException {
    UUID budgetId = UUID.randomUUID();
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(
          connection,
          // Tests do not build a tree; the constraint on one root is not what they are about.
          "INSERT INTO policy.tenant (name, parent) VALUES (?, (SELECT name FROM policy.tenant"
              + " WHERE parent IS NULL)) ON CONFLICT (name) DO NOTHING",
          tenant);
      execute(
          connection,
          """
          INSERT INTO policy.budget
            (budget_id, tenant, name, amount_nano_usd, window_every, time_zone, mode)
          VALUES (?, ?, ?, ?, 'month', 'UTC', ?)\
          """,
          budgetId,
          tenant,
          "b-" + budgetId,
          amount,
          mode);
    }
    return budgetId;
  }

  void changeAmount(UUID budgetId, long amount) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(
          connection,
          "UPDATE policy.budget SET amount_nano_usd = ? WHERE budget_id = ?",
          amount,
          budgetId);
    }
  }

  void delete(UUID budgetId) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(connection, "DELETE FROM policy.budget WHERE budget_id = ?", budgetId);
    }
  }

  LeaseAnswer.Granted granted(UUID leaseId, UUID budgetId, Spool spool, long want, long need)
      throws SQLException {
    LeaseAnswer answer = ask(leaseId, budgetId, spool, want, need);
    assertThat(answer).isInstanceOf(LeaseAnswer.Granted.class);
    return (LeaseAnswer.Granted) answer;
  }

  LeaseAnswer ask(UUID leaseId, UUID budgetId, Spool spool, long want, long need)
      throws SQLException {
    return ledger.request(
        new LeaseAsk(leaseId, budgetId, spool.node(), spool.spoolId(), 1, 0, 0, want, need));
  }

  /** As a node that does not say what it consumed. */
  OptionalLong close(UUID leaseId, Spool spool, long finalSeq, long ackedSeq) throws SQLException {
    return ledger.close(
        new LeaseLeaving(leaseId, spool.spoolId(), finalSeq, 0), spool.node(), ackedSeq);
  }

  void settle(Spool spool, long firstSeq, long lastSeq, UUID leaseId, long cost)
      throws SQLException {
    transactions.inOne(connection -> {
      ledger.settle(
          connection,
          List.of(new Settling(spool.spoolId(), firstSeq, lastSeq, Map.of(leaseId, cost))));
      return true;
    });
  }

  /** The only window of a budget that has been used. */
  BudgetWindow window(UUID budgetId) throws SQLException {
    return transactions.inOne(
        connection -> new LedgerRows(connection).windows(budgetId, WindowQuery.NEWEST).getFirst());
  }

  /** Balances are what the entries add up to, per window and per lease, and transfers sum to 0. */
  void assertBooksBalance(UUID budgetId) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                """
                SELECT
                  (SELECT count(*) FROM ledger.budget_window w WHERE w.budget_id = ? AND
                    (w.limit_nusd, w.available, w.leased, w.quarantined, w.spent, w.overage) <> (
                      SELECT -coalesce(sum(amount) FILTER (WHERE account = 'LIMIT'), 0),
                        coalesce(sum(amount) FILTER (WHERE account = 'AVAILABLE'), 0),
                        coalesce(sum(amount) FILTER (WHERE account = 'LEASED'), 0),
                        coalesce(sum(amount) FILTER (WHERE account = 'QUARANTINE'), 0),
                        coalesce(sum(amount) FILTER (WHERE account = 'SPENT'), 0),
                        -coalesce(sum(amount) FILTER (WHERE account = 'OVERAGE'), 0)
                      FROM ledger.ledger_entry e WHERE e.window_id = w.window_id)),
                  (SELECT count(*) FROM ledger.lease l
                    JOIN ledger.budget_window w USING (window_id) WHERE w.budget_id = ? AND
                    (l.granted - l.returned - l.settled - l.presumed - l.quarantined, l.quarantined) <> (
                      SELECT coalesce(sum(amount) FILTER (WHERE account = 'LEASED'), 0),
                        coalesce(sum(amount) FILTER (WHERE account = 'QUARANTINE'), 0)
                      FROM ledger.ledger_entry e WHERE e.lease_id = l.lease_id)),
                  (SELECT count(*) FROM (SELECT txn_id FROM ledger.ledger_entry
                    GROUP BY txn_id HAVING sum(amount) <> 0 OR count(*) < 2) odd)\
                """)) {
      select.setObject(1, budgetId);
      select.setObject(2, budgetId);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        assertThat(row.getLong(1)).as("windows off their entries").isZero();
        assertThat(row.getLong(2)).as("leases off their entries").isZero();
        assertThat(row.getLong(3)).as("transfers that do not sum to 0").isZero();
      }
    }
  }

  /** A node and its spool. */
  record Spool(String node, UUID spoolId) {
    static Spool of(String node) {
      return new Spool(node, UUID.randomUUID());
    }
  }

  static void execute(Connection connection, String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      statement.executeUpdate();
    }
  }
}
