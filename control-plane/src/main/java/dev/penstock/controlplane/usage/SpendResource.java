package dev.penstock.controlplane.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.MemoryList;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What requests add up to. */
@Path("/api/v1/spend")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
public class SpendResource {

  private static final Set<String> OWN = Set.of("groupBy", "from", "to", "step");

  private final SpendRows rows;
  private final Gate gate;
  private final CurrentCaller caller;
  private final ObjectMapper json;

  SpendResource(SpendRows rows, Gate gate, CurrentCaller caller, ObjectMapper json) {
    this.rows = rows;
    this.gate = gate;
    this.caller = caller;
    this.json = json;
  }

  @GET
  @FilteredList
  @Operation(
      summary = "Requests, tokens, cost and times to the first token, in buckets of 5 minutes",
      description =
          "All rows in one answer, by time if `sort` says nothing else. Every other parameter is a"
              + " filter: a field of the rows, such as a label of `groupBy`, and a value that it must"
              + " have, several times for one of several.")
  public Page<Map<String, Object>> spend(
      @QueryParam("groupBy") @Nullable String groupBy,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("step") @Nullable String step,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri)
      throws SQLException {
    SpendQuery query = SpendQuery.of(groupBy, from, to, step, Instant.now());
    ListQuery wanted =
        ListQuery.whole(uri.getQueryParameters(), query.fields(), query.order(), OWN);
    List<Map<String, Object>> found = rows.rows(query, gate.scope(caller.get(), "spend"));
    return Page.of(MemoryList.page(found, json::<JsonNode>valueToTree, wanted));
  }
}
