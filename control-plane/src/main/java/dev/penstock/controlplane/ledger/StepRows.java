package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.LeaseBalance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The steps of rolling windows, and what has left them by the database's clock. */
final class StepRows {

  /** At most so many windows, and steps or leases of one, in one round. */
  private static final int MOST = 500;

  private static final String PRESUMED_LONG_AGO =
      """
      l.presumed > 0 AND w.rolling_seconds IS NOT NULL AND l.quarantined_at
        < clock_timestamp() - make_interval(secs => ? + w.rolling_seconds)\
      """;

  private final Connection connection;

  /** What was spent in one step, nano-USD. */
  record Step(Instant startsAt, long spent) {}

  StepRows(Connection connection) {
    this.connection = connection;
  }

  List<UUID> dueWindows() throws SQLException {
    List<UUID> due = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT s.window_id FROM ledger.window_step s JOIN ledger.budget_window w USING (window_id)
            WHERE NOT s.aged AND s.ends_at <= clock_timestamp() - make_interval(secs => w.rolling_seconds)
            UNION
            SELECT l.window_id FROM ledger.lease l JOIN ledger.budget_window w USING (window_id)
            WHERE l.state = 'QUARANTINED' AND %s
            LIMIT %d\
            """
                .formatted(PRESUMED_LONG_AGO, MOST))) {
      select.setDouble(1, LeaseTimes.PRESUMED_AFTER.toSeconds());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          due.add(rows.getObject(1, UUID.class));
        }
      }
    }
    return due;
  }

  List<Step> due(UUID windowId) throws SQLException {
    List<Step> due = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT s.starts_at, s.spent FROM ledger.window_step s
            JOIN ledger.budget_window w USING (window_id)
            WHERE s.window_id = ? AND NOT s.aged
              AND s.ends_at <= clock_timestamp() - make_interval(secs => w.rolling_seconds)
            ORDER BY s.starts_at LIMIT %d\
            """
                .formatted(MOST))) {
      select.setObject(1, windowId);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          due.add(new Step(rows.getTimestamp(1).toInstant(), rows.getLong(2)));
        }
      }
    }
    return due;
  }

  void aged(UUID windowId, Step step) throws SQLException {
    try (PreparedStatement function = connection.prepareStatement("SELECT ledger.age_step(?, ?)")) {
      function.setObject(1, windowId);
      function.setTimestamp(2, Timestamp.from(step.startsAt()));
      function.execute();
    }
  }

  /** Leases whose presumed use has left the window. */
  List<LeaseBalance> oldPresumptions(UUID windowId) throws SQLException {
    List<LeaseBalance> found = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT l.* FROM ledger.lease l JOIN ledger.budget_window w USING (window_id)
            WHERE l.state = 'QUARANTINED' AND l.window_id = ? AND %s LIMIT %d\
            """
                .formatted(PRESUMED_LONG_AGO, MOST))) {
      select.setObject(1, windowId);
      select.setDouble(2, LeaseTimes.PRESUMED_AFTER.toSeconds());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(RowMaps.lease(rows));
        }
      }
    }
    return found;
  }
}
