package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What requests add up to. */
@Path("/api/v1/spend")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
public class SpendResource {

  private final SpendRows rows;

  private final Gate gate;
  private final CurrentCaller caller;

  SpendResource(SpendRows rows, Gate gate, CurrentCaller caller) {
    this.rows = rows;
    this.gate = gate;
    this.caller = caller;
  }

  @GET
  @Operation(
      summary = "Requests, tokens, cost and times to the first token, in buckets of 5 minutes")
  public Page<Map<String, Object>> spend(
      @QueryParam("groupBy") @Nullable String groupBy,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("step") @Nullable String step)
      throws SQLException {
    SpendQuery query = SpendQuery.of(groupBy, from, to, step, Instant.now());
    return new Page<>(rows.rows(query, gate.scope(caller.get(), "spend")), null);
  }
}
