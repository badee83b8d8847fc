package dev.penstock.controlplane.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/**
 * In which window a budget counts now. Of a budget whose windows were changed several go on to
 * their ends, and only one of them is it: the one that leases are opened on.
 *
 * <p>{@link #of} tells which. A statement that looks for windows of many budgets finds those that
 * can be it by {@link #MAY_BE}.
 */
public final class CurrentWindow {

  /**
   * Of {@code ledger.budget_window w} and {@code policy.budget b}, with the time of now three
   * times: few rows of an index, however many windows there have been.
   */
  public static final String MAY_BE =
      """
      w.budget_id = b.budget_id AND w.starts_at <= ? AND w.ends_at > ?
        AND (w.rolling_seconds IS NULL) = (b.rolling_seconds IS NULL)
        AND (b.rolling_seconds IS NOT NULL OR w.starts_at > ?::timestamptz
          - make_interval(days => CASE b.window_every WHEN 'hour' THEN 1 WHEN 'day' THEN 2
            WHEN 'week' THEN 8 WHEN 'month' THEN 32 WHEN 'quarter' THEN 93 ELSE 367 END))\
      """;

  private CurrentWindow() {}

  /**
   * Its id, whether somebody has needed it yet or not.
   *
   * @param row with the budget's terms as {@code policy.budget} has them
   */
  public static UUID of(ResultSet row, Instant now) throws SQLException {
    BudgetTerms terms = RowMaps.terms(row);
    return terms.windowId(terms.periodAt(now));
  }
}
