package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.TimeParameter;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.tenant.TenantLines;
import dev.penstock.controlplane.usage.GuardFindingRows.Found;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a guard has found of late, in requests of its tenant and of those below. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "guards")
public class GuardFindingResource {

  private static final Duration USUAL = Duration.ofDays(1);
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final int MAX_ROWS = 1_000;

  private final GuardFindingRows rows;
  private final Gate gate;
  private final CurrentCaller caller;
  private final TenantLines lines;

  GuardFindingResource(GuardFindingRows rows, Gate gate, CurrentCaller caller, TenantLines lines) {
    this.rows = rows;
    this.gate = gate;
    this.caller = caller;
    this.lines = lines;
  }

  /**
   * What was found between two times.
   *
   * @param itemsLeftOut so many more rows there are
   */
  @Schema(name = "GuardFindings")
  public record GuardFindings(
      Instant from, Instant to, List<GuardFinding> items, long itemsLeftOut) {

    public GuardFindings {
      items = List.copyOf(items);
    }
  }

  @GET
  @Path("tenants/{tenant}/guards/{name}/findings")
  @Operation(
      operationId = "guardFindings",
      summary =
          "What a guard's rules have found, by side and verdict: in the last 24 h, if not said",
      description =
          "Added up from the records of the tenant's requests and of those below it; at most 7 days,"
              + " and the first 1,000 rows. A record tells 32 findings of a request and 32 of its"
              + " answer one by one; further ones do not count here.")
  public GuardFindings findings(
      @PathParam("tenant") String tenant,
      @PathParam("name") String name,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to)
      throws SQLException {
    Instant before = TimeParameter.of("to", to).orElseGet(Instant::now);
    Instant since = TimeParameter.of("from", from).orElseGet(() -> before.minus(USUAL));
    if (since.isAfter(before) || since.isBefore(before.minus(LONGEST))) {
      throw ProblemException.badRequest(
          "from", "expected a time of at most %d days before `to`".formatted(LONGEST.toDays()));
    }
    if (!rows.hasGuard(tenant, name)) {
      throw ProblemException.notFound("Guard %s/%s does not exist".formatted(tenant, name));
    }
    Found found = rows.of(tenant, name, below(tenant), since, before, MAX_ROWS);
    return new GuardFindings(since, before, found.rows(), found.all() - found.rows().size());
  }

  /** The tenant and all below it, as far as the caller may see their requests. */
  private Set<String> below(String tenant) {
    Scope scope = gate.scope(caller.get(), "requests");
    Set<String> below = new HashSet<>(lines.downFrom(Set.of(tenant)));
    below.removeIf(each -> !scope.holds(each));
    return below;
  }
}
