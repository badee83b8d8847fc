package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where the money of all budgets of a subtree is. */
@Path("/api/v1/spend/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
public class BudgetBalanceResource {

  /** Between the two names of a place in the list; no name has it. */
  private static final String BETWEEN = "/";

  private final BudgetBalances balances;
  private final SpendReach reach;

  BudgetBalanceResource(BudgetBalances balances, SpendReach reach) {
    this.balances = balances;
    this.reach = reach;
  }

  @GET
  @Operation(
      summary =
          "Budgets of a tenant (`under`) and all below it, with the balance of their windows of now",
      description =
          "By tenant and name. `available` is free, `leased` is with nodes; `held` is the part of it"
              + " that requests under way may cost at most, as of the nodes' last signs of life.")
  public Page<BudgetBalance> budgets(
      @QueryParam("under") @Nullable String under,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws SQLException {
    Scope scope = reach.of(under);
    int most = Page.limit(limit);
    String[] after = Page.position(cursor).orElse(BETWEEN).split(BETWEEN, 2);
    if (after.length != 2) {
      throw ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
    }
    return Page.of(
        balances.of(scope, after[0], after[1], most + 1),
        most,
        last -> last.tenant() + BETWEEN + last.name());
  }
}
