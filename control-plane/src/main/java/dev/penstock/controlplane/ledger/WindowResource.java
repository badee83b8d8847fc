package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.admin.TimeParameter;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where the money of a budget is. */
@Path("/api/v1/tenants/{tenant}/budgets/{name}/windows")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "budgets")
public class WindowResource {

  private static final String OLDEST_FIRST = "startsAt";
  private static final List<String> SORTS = List.of(OLDEST_FIRST, "-startsAt");

  private final Ledger ledger;

  WindowResource(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Balances in nano-USD, as strings of digits. */
  public record WindowView(
      Instant startsAt,
      Instant endsAt,
      String limit,
      String available,
      String leased,
      String quarantined,
      String spent,
      String overage,
      String pendingCut) {

    static WindowView of(BudgetWindow window) {
      return new WindowView(
          window.period().startsAt(),
          window.period().endsAt(),
          Long.toString(window.limit()),
          Long.toString(window.available()),
          Long.toString(window.leased()),
          Long.toString(window.quarantined()),
          Long.toString(window.spent()),
          Long.toString(window.overage()),
          Long.toString(window.pendingCut()));
    }
  }

  @GET
  @Operation(
      summary = "Windows of a budget, the newest first; the current one even if untouched",
      description =
          "`from` and `to` are of the windows' start; `sort` is `-startsAt` (the newest first) or"
              + " `startsAt`.")
  public Page<WindowView> windows(
      @PathParam("tenant") String tenant,
      @PathParam("name") String name,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort)
      throws SQLException {
    int most = Page.limit(limit);
    WindowQuery query =
        WindowQuery.of(
            TimeParameter.of("from", from),
            TimeParameter.of("to", to),
            oldestFirst(sort),
            Page.position(cursor).map(WindowResource::instant),
            most + 1);
    List<WindowView> found =
        ledger
            .windows(tenant, name, query)
            .orElseThrow(
                () -> ProblemException.notFound("tenant " + tenant + " has no budget " + name))
            .stream()
            .map(WindowView::of)
            .toList();
    return Page.of(found, most, last -> last.startsAt().toString());
  }

  private static boolean oldestFirst(@Nullable String sort) {
    if (sort != null && !SORTS.contains(sort)) {
      throw ProblemException.badRequest("sort", "expected one of " + SORTS);
    }
    return OLDEST_FIRST.equals(sort);
  }

  private static Instant instant(String position) {
    try {
      return Instant.parse(position);
    } catch (DateTimeParseException notOurs) {
      throw ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
    }
  }
}
