package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.LeaseBalance;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
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

  private final Sql sql;

  /**
   * What was spent in one step, nano-USD.
   *
   * @param gone what of that has left the window
   */
  record Step(Instant startsAt, long spent, long gone) {

    /** What is to leave it now. */
    long due() {
      return spent - gone;
    }

    /** The same for what leaves together, and for nothing else. */
    String name() {
      return startsAt + "/" + spent;
    }
  }

  StepRows(Connection connection) {
    sql = new Sql(connection);
  }

  List<UUID> dueWindows() throws SQLException {
    return sql.all(
        """
        SELECT s.window_id FROM ledger.window_step s JOIN ledger.budget_window w USING (window_id)
        WHERE s.gone < s.spent AND s.ends_at <= clock_timestamp() - make_interval(secs => w.rolling_seconds)
        UNION
        SELECT l.window_id FROM ledger.lease l JOIN ledger.budget_window w USING (window_id)
        WHERE l.state = 'QUARANTINED' AND %s
        LIMIT %d\
        """
            .formatted(PRESUMED_LONG_AGO, MOST),
        row -> row.getObject(1, UUID.class),
        (double) LeaseTimes.PRESUMED_AFTER.toSeconds());
  }

  List<Step> due(UUID windowId) throws SQLException {
    return sql.all(
        """
        SELECT s.starts_at, s.spent, s.gone FROM ledger.window_step s
        JOIN ledger.budget_window w USING (window_id)
        WHERE s.window_id = ? AND s.gone < s.spent
          AND s.ends_at <= clock_timestamp() - make_interval(secs => w.rolling_seconds)
        ORDER BY s.starts_at LIMIT %d\
        """
            .formatted(MOST),
        row -> new Step(row.getTimestamp(1).toInstant(), row.getLong(2), row.getLong(3)),
        windowId);
  }

  /** All of a step has left its window. */
  void gone(UUID windowId, Step step) throws SQLException {
    sql.call(
        "SELECT ledger.age_step(?, ?, ?)", windowId, Timestamp.from(step.startsAt()), step.spent());
  }

  /** Leases whose presumed use has left the window. */
  List<LeaseBalance> oldPresumptions(UUID windowId) throws SQLException {
    return sql.all(
        """
        SELECT l.* FROM ledger.lease l JOIN ledger.budget_window w USING (window_id)
        WHERE l.state = 'QUARANTINED' AND l.window_id = ? AND %s LIMIT %d\
        """
            .formatted(PRESUMED_LONG_AGO, MOST),
        RowMaps::lease,
        windowId,
        (double) LeaseTimes.PRESUMED_AFTER.toSeconds());
  }
}
