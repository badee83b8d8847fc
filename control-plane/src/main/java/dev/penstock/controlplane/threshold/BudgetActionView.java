package dev.penstock.controlplane.threshold;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that a budget began or ended to do. Amounts in nano-USD, as strings of digits.
 *
 * @param change {@code applied} or {@code lifted}
 * @param route of the action {@code route}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BudgetActionView(
    String id,
    Instant at,
    String tenant,
    String budget,
    int atPercent,
    String action,
    @Nullable String route,
    String change,
    String reason,
    String spent,
    String amount,
    Instant windowStartsAt,
    Instant windowEndsAt) {

  static BudgetActionView of(ResultSet row) throws SQLException {
    String route = row.getString("route");
    return new BudgetActionView(
        Long.toString(row.getLong("index")),
        row.getTimestamp("at").toInstant(),
        row.getString("tenant"),
        row.getString("budget"),
        row.getInt("at_percent"),
        row.getString("action").toLowerCase(Locale.ROOT),
        route.isEmpty() ? null : route,
        row.getBoolean("applied") ? "applied" : "lifted",
        row.getString("reason"),
        Long.toString(row.getLong("spent")),
        Long.toString(row.getLong("amount")),
        row.getTimestamp("starts_at").toInstant(),
        row.getTimestamp("ends_at").toInstant());
  }

  /** Where a page goes on that ended with an action's id; the first page: beyond all. */
  static long before(@Nullable String cursor) {
    return Page.position(cursor).map(BudgetActionView::index).orElse(Long.MAX_VALUE);
  }

  private static long index(String position) {
    if (!position.matches("[0-9]{1,18}")) {
      throw ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
    }
    return Long.parseLong(position);
  }
}
