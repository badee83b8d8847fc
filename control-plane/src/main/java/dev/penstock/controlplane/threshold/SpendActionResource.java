package dev.penstock.controlplane.threshold;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.usage.SpendReach;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the budgets of a subtree have done. */
@Path("/api/v1/spend/actions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
public class SpendActionResource {

  private static final String SELECT =
      """
      SELECT a.*, w.starts_at, w.ends_at
      FROM ledger.budget_action a JOIN ledger.budget_window w USING (window_id)
      WHERE (? OR a.tenant = ANY (?)) AND a.index < ? ORDER BY a.index DESC LIMIT ?\
      """;

  private final Transactions transactions;
  private final SpendReach reach;

  SpendActionResource(Transactions transactions, SpendReach reach) {
    this.transactions = transactions;
    this.reach = reach;
  }

  @GET
  @Operation(
      summary =
          "Actions of the budgets of a tenant (`under`) and of all below it, the newest first",
      description = "As a budget's own list of actions has them.")
  public Page<BudgetActionView> spendActions(
      @QueryParam("under") @Nullable String under,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws SQLException {
    Scope scope = reach.of(under);
    int most = Page.limit(limit);
    long before = BudgetActionView.before(cursor);
    return Page.of(
        transactions.inOne(connection -> find(connection, scope, before, most + 1)),
        most,
        BudgetActionView::id);
  }

  private static List<BudgetActionView> find(
      Connection connection, Scope scope, long before, int most) throws SQLException {
    List<BudgetActionView> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setBoolean(1, scope instanceof Scope.Everything);
      select.setArray(2, connection.createArrayOf("text", names(scope)));
      select.setLong(3, before);
      select.setInt(4, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(BudgetActionView.of(row));
        }
      }
    }
    return found;
  }

  private static Object[] names(Scope scope) {
    return switch (scope) {
      case Scope.Everything everything -> new Object[0];
      case Scope.Tenants(Set<String> names) -> names.toArray();
    };
  }
}
