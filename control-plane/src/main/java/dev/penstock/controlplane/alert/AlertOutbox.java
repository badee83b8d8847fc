package dev.penstock.controlplane.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.database.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Alerts that have not arrived yet. A claim keeps the other replicas away until it runs out, and
 * counts as an attempt, whatever becomes of it: so none is tried for ever.
 */
@Singleton
class AlertOutbox {

  /** Longer than an attempt may take. */
  private static final Duration CLAIMED = Duration.ofSeconds(30);

  /** The oldest of each tenant: who is slow to take alerts holds up nobody else's. */
  private static final String CLAIM =
      """
      WITH due AS (
        SELECT d.index, d.due_at, row_number() OVER (PARTITION BY a.tenant ORDER BY d.due_at, d.index) AS place
        FROM ledger.alert_delivery d JOIN ledger.budget_action a USING (index)
        WHERE d.due_at <= clock_timestamp() AND a.tenant <> ALL (?))
      UPDATE ledger.alert_delivery d
      SET due_at = clock_timestamp() + make_interval(secs => ?), attempts = d.attempts + 1
      FROM ledger.budget_action a JOIN ledger.budget_window w USING (window_id)
      WHERE a.index = d.index AND d.index IN (
        SELECT o.index FROM ledger.alert_delivery o JOIN due USING (index)
        WHERE due.place = 1 AND o.due_at <= clock_timestamp()
        ORDER BY due.due_at LIMIT ? FOR UPDATE OF o SKIP LOCKED)
      RETURNING d.index, d.url, d.secret_tenant, d.secret_name, d.attempts, a.tenant, a.budget,
        a.at_percent, a.spent, a.amount, a.at, w.starts_at, w.ends_at\
      """;

  private final Transactions transactions;

  AlertOutbox(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Some that are due, of as many tenants; none if none is.
   *
   * @param notOf tenants that are being told already
   */
  List<Alert> claim(int most, Set<String> notOf) throws SQLException {
    return transactions.inOne(connection -> claim(connection, most, notOf));
  }

  private static List<Alert> claim(Connection connection, int most, Set<String> notOf)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      claim.setArray(1, connection.createArrayOf("text", notOf.toArray()));
      claim.setLong(2, CLAIMED.toSeconds());
      claim.setInt(3, most);
      List<Alert> claimed = new ArrayList<>();
      try (ResultSet row = claim.executeQuery()) {
        while (row.next()) {
          claimed.add(alert(row));
        }
      }
      return claimed;
    }
  }

  private static Alert alert(ResultSet row) throws SQLException {
    return new Alert(
        row.getLong("index"),
        row.getString("tenant"),
        row.getString("url"),
        row.getString("secret_tenant"),
        row.getString("secret_name"),
        row.getInt("attempts"),
        body(row));
  }

  /** Standard Webhooks' envelope; amounts in nano-USD, as strings of digits. */
  private static String body(ResultSet row) throws SQLException {
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("action", Long.toString(row.getLong("index")))
            .put("tenant", row.getString("tenant"))
            .put("budget", row.getString("budget"))
            .put("atPercent", row.getInt("at_percent"))
            .put("spent", Long.toString(row.getLong("spent")))
            .put("amount", Long.toString(row.getLong("amount")))
            .put("windowStartsAt", row.getTimestamp("starts_at").toInstant().toString())
            .put("windowEndsAt", row.getTimestamp("ends_at").toInstant().toString());
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "budget.alert")
        .put("timestamp", row.getTimestamp("at").toInstant().toString())
        .<ObjectNode>set("data", data)
        .toString();
  }

  /** It has arrived. */
  void done(Alert alert) throws SQLException {
    note(alert, "delivered_at = clock_timestamp(), due_at = NULL, reason = ?", "");
  }

  /** It has not, and is tried again after a while. */
  void failed(Alert alert, String reason, Duration again) throws SQLException {
    note(
        alert,
        "due_at = clock_timestamp() + interval '%d milliseconds', reason = ?"
            .formatted(again.toMillis()),
        reason);
  }

  /** It has not, and is not tried again. */
  void givenUp(Alert alert, String reason) throws SQLException {
    note(alert, "due_at = NULL, reason = ?", reason);
  }

  private void note(Alert alert, String change, String reason) throws SQLException {
    transactions.inOne(connection -> {
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE ledger.alert_delivery SET " + change + " WHERE index = ?")) {
        update.setString(1, reason);
        update.setLong(2, alert.index());
        return update.executeUpdate();
      }
    });
  }
}
