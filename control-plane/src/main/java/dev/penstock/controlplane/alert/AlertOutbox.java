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
import java.util.Optional;

/** Alerts that have not arrived yet. A claim keeps the other replicas away until it runs out. */
@Singleton
class AlertOutbox {

  /** Longer than an attempt may take. */
  private static final Duration CLAIMED = Duration.ofSeconds(30);

  private static final String CLAIM =
      """
      UPDATE ledger.alert_delivery d SET due_at = clock_timestamp() + make_interval(secs => ?)
      FROM ledger.budget_action a JOIN ledger.budget_window w USING (window_id)
      WHERE a.index = d.index AND d.index = (
        SELECT index FROM ledger.alert_delivery WHERE due_at <= clock_timestamp()
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING d.index, d.url, d.secret_tenant, d.secret_name, d.attempts, a.tenant, a.budget,
        a.at_percent, a.spent, a.amount, a.at, w.starts_at, w.ends_at\
      """;

  private final Transactions transactions;

  AlertOutbox(Transactions transactions) {
    this.transactions = transactions;
  }

  /** One that is due, if any is. */
  Optional<Alert> claim() throws SQLException {
    return transactions.inOne(AlertOutbox::claim);
  }

  private static Optional<Alert> claim(Connection connection) throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      claim.setLong(1, CLAIMED.toSeconds());
      try (ResultSet row = claim.executeQuery()) {
        return row.next() ? Optional.of(alert(row)) : Optional.empty();
      }
    }
  }

  private static Alert alert(ResultSet row) throws SQLException {
    return new Alert(
        row.getLong("index"),
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
              "UPDATE ledger.alert_delivery SET attempts = attempts + 1, "
                  + change
                  + " WHERE index = ?")) {
        update.setString(1, reason);
        update.setLong(2, alert.index());
        return update.executeUpdate();
      }
    });
  }
}
