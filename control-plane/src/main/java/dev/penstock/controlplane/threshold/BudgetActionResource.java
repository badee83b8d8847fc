package dev.penstock.controlplane.threshold;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a budget has done. */
@Path("/api/v1/tenants/{tenant}/budgets/{name}/actions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "budgets")
public class BudgetActionResource {

  private static final String SELECT =
      """
      SELECT a.*, w.starts_at, w.ends_at
      FROM ledger.budget_action a JOIN ledger.budget_window w USING (window_id)
      WHERE a.budget_id = ? AND a.index < ? ORDER BY a.index DESC LIMIT ?\
      """;

  private final Transactions transactions;

  BudgetActionResource(Transactions transactions) {
    this.transactions = transactions;
  }

  @GET
  @Operation(
      summary =
          "Actions of a budget: when a threshold's began (`applied`) and ended (`lifted`), the"
              + " newest first",
      description =
          "`reason` of what began is `spent`, or `refused` where the rest of the budget could not pay"
              + " for a request; of what ended `raised`, `window-over`, `aged` (of a rolling window) or"
              + " `changed` (the budget's thresholds were).")
  public Page<BudgetActionView> actions(
      @PathParam("tenant") String tenant,
      @PathParam("name") String name,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws SQLException {
    int most = Page.limit(limit);
    long before = BudgetActionView.before(cursor);
    List<BudgetActionView> found =
        transactions
            .inOne(connection -> find(connection, tenant, name, before, most + 1))
            .orElseThrow(
                () -> ProblemException.notFound("tenant " + tenant + " has no budget " + name));
    return Page.of(found, most, BudgetActionView::id);
  }

  private static Optional<List<BudgetActionView>> find(
      Connection connection, String tenant, String name, long before, int most)
      throws SQLException {
    Optional<UUID> budget = budget(connection, tenant, name);
    if (budget.isEmpty()) {
      return Optional.empty();
    }
    List<BudgetActionView> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setObject(1, budget.get());
      select.setLong(2, before);
      select.setInt(3, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(BudgetActionView.of(row));
        }
      }
    }
    return Optional.of(found);
  }

  private static Optional<UUID> budget(Connection connection, String tenant, String name)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT budget_id FROM policy.budget WHERE tenant = ? AND name = ?")) {
      select.setString(1, tenant);
      select.setString(2, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
      }
    }
  }
}
