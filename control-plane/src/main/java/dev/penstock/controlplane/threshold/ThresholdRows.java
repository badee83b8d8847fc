package dev.penstock.controlplane.threshold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.budget.Threshold;
import dev.penstock.controlplane.ledger.CurrentWindow;
import dev.penstock.controlplane.threshold.Standing.Acted;
import dev.penstock.controlplane.threshold.Standing.Change;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The rows of thresholds and of what they have done. */
final class ThresholdRows {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<Threshold>> THRESHOLDS = new TypeReference<>() {};

  /** Any number that nobody else locks. */
  private static final long LOCK = 0x7468_7265_7368L;

  /** More than there are budgets at once in a company. */
  private static final int MOST_IN_FORCE = 20_000;

  /**
   * Windows that count now of which the lowest threshold is reached, and all in which something is
   * in force.
   */
  private static final String STANDINGS =
      """
      WITH reached AS (
        SELECT w.window_id FROM policy.budget b JOIN ledger.budget_window w ON %s
        WHERE w.spent > 0 AND w.spent::numeric * 100 >= b.amount_nano_usd::numeric
          * (SELECT least(min((t ->> 'atPercent')::integer), 90) FROM jsonb_array_elements(b.thresholds) t)
        UNION SELECT window_id FROM ledger.threshold_state WHERE in_force)
      SELECT w.window_id, w.budget_id, w.tenant, coalesce(b.name, '') AS budget, w.spent,
        coalesce(b.amount_nano_usd, 0) AS amount, coalesce(b.thresholds, '[]') AS thresholds,
        b.budget_id IS NOT NULL AND w.starts_at <= ? AND w.ends_at > ? AS running,
        r.limit_moves IS NOT DISTINCT FROM w.limit_moves AND r.window_id IS NOT NULL AS refused,
        b.amount_nano_usd, b.window_every, b.time_zone, b.rolling_seconds, b.mode
      FROM reached JOIN ledger.budget_window w USING (window_id)
      LEFT JOIN policy.budget b ON b.budget_id = w.budget_id
      LEFT JOIN ledger.window_refusal r ON r.window_id = w.window_id
      ORDER BY w.window_id\
      """
          .formatted(CurrentWindow.MAY_BE);

  private final Connection connection;

  ThresholdRows(Connection connection) {
    this.connection = connection;
  }

  /** Whether nobody else looks now; held until the transaction ends. */
  boolean tryLock() throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      try (ResultSet row = lock.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  List<Standing> standings(Instant now) throws SQLException {
    Map<UUID, List<Acted>> acted = acted(now);
    List<Standing> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(STANDINGS)) {
      for (int i = 1; i <= 5; i++) {
        select.setTimestamp(i, Timestamp.from(now));
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          UUID windowId = row.getObject("window_id", UUID.class);
          found.add(standing(row, windowId, now, acted.getOrDefault(windowId, List.of())));
        }
      }
    }
    return found;
  }

  private static Standing standing(ResultSet row, UUID windowId, Instant now, List<Acted> acted)
      throws SQLException {
    boolean counts = row.getBoolean("running") && CurrentWindow.of(row, now).equals(windowId);
    return new Standing(
        windowId,
        row.getObject("budget_id", UUID.class),
        row.getString("tenant"),
        row.getString("budget"),
        row.getLong("spent"),
        row.getLong("amount"),
        counts,
        row.getBoolean("refused"),
        thresholds(row.getString("thresholds")),
        acted);
  }

  private static List<Threshold> thresholds(String json) throws SQLException {
    try {
      return JSON.readValue(json, THRESHOLDS);
    } catch (JsonProcessingException notOurs) {
      throw new SQLException("thresholds of a budget", notOurs);
    }
  }

  /** Of windows that are running, or in which something is in force. */
  private Map<UUID, List<Acted>> acted(Instant now) throws SQLException {
    Map<UUID, List<Acted>> byWindow = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT s.* FROM ledger.threshold_state s JOIN ledger.budget_window w USING (window_id)
            WHERE s.in_force OR w.ends_at > ?\
            """)) {
      select.setTimestamp(1, Timestamp.from(now));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          byWindow
              .computeIfAbsent(row.getObject("window_id", UUID.class), first -> new ArrayList<>())
              .add(acted(row));
        }
      }
    }
    return byWindow;
  }

  private static Acted acted(ResultSet row) throws SQLException {
    Threshold threshold =
        new Threshold(
            row.getInt("at_percent"),
            ThresholdAction.valueOf(row.getString("action")),
            row.getString("route"));
    return new Acted(
        threshold, row.getInt("step"), row.getLong("amount"), row.getBoolean("in_force"));
  }

  /** Notes that an action begins or ends. */
  void write(Standing standing, Change change) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO ledger.budget_action (window_id, at_percent, action, route, step, amount, applied,
              tenant, budget_id, budget, reason, spent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """)) {
      bind(insert, standing, change);
      insert.setString(8, standing.tenant());
      insert.setObject(9, standing.budgetId());
      insert.setString(10, standing.budget());
      insert.setString(11, change.reason().word());
      insert.setLong(12, standing.spent());
      insert.executeUpdate();
    }
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO ledger.threshold_state (window_id, at_percent, action, route, step, amount, in_force)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (window_id, at_percent, action) DO UPDATE SET route = excluded.route,
              step = excluded.step, amount = excluded.amount, in_force = excluded.in_force\
            """)) {
      bind(upsert, standing, change);
      upsert.executeUpdate();
    }
    if (change.applied() && change.threshold().action() == ThresholdAction.ALERT) {
      queueAlert(standing, change);
    }
  }

  /** What has just been noted is to be told, where the budget says to whom. */
  private void queueAlert(Standing standing, Change change) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO ledger.alert_delivery (index, url, secret_tenant, secret_name)
            SELECT a.index, b.webhook_url, b.webhook_secret_tenant, b.webhook_secret_name
            FROM ledger.budget_action a JOIN policy.budget b USING (budget_id)
            WHERE a.window_id = ? AND a.at_percent = ? AND a.action = 'ALERT' AND a.step = ?
              AND b.webhook_url IS NOT NULL\
            """)) {
      insert.setObject(1, standing.windowId());
      insert.setInt(2, change.threshold().atPercent());
      insert.setInt(3, change.step());
      insert.executeUpdate();
    }
  }

  private static void bind(PreparedStatement to, Standing standing, Change change)
      throws SQLException {
    to.setObject(1, standing.windowId());
    to.setInt(2, change.threshold().atPercent());
    to.setString(3, change.threshold().action().name());
    to.setString(4, change.threshold().route());
    to.setInt(5, change.step());
    to.setLong(6, standing.amount());
    to.setBoolean(7, change.applied());
  }

  /** What is in force now, over all budgets. */
  List<ActionsInForce.InForce> inForce() throws SQLException {
    List<ActionsInForce.InForce> found = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT w.budget_id, s.at_percent, s.action FROM ledger.threshold_state s
            JOIN ledger.budget_window w USING (window_id)
            WHERE s.in_force ORDER BY w.budget_id, s.at_percent, s.action LIMIT ?\
            """)) {
      select.setInt(1, MOST_IN_FORCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new ActionsInForce.InForce(
                  row.getObject("budget_id", UUID.class),
                  row.getInt("at_percent"),
                  ThresholdAction.valueOf(row.getString("action"))));
        }
      }
    }
    return found;
  }
}
