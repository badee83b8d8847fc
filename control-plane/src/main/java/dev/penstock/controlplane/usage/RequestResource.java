package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.admin.TimeParameter;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.TableList;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happened to requests. */
@Path("/api/v1/requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
public class RequestResource {

  private final Gate gate;
  private final CurrentCaller caller;

  RequestResource(Gate gate, CurrentCaller caller) {
    this.gate = gate;
    this.caller = caller;
  }

  @GET
  @Path("{id}")
  @Operation(summary = "Everything about one request")
  public RequestView request(@PathParam("id") String id) {
    Scope scope = scope();
    return uuid(id)
        .flatMap(
            uuid -> RequestRecordEntity.find("id", uuid).<RequestRecordEntity>firstResultOptional())
        .filter(row -> scope.holds(row.tenant))
        .map(RequestView::of)
        .orElseThrow(() ->
            ProblemException.notFound(
                "no record of this request; nodes report within about a second, so one that"
                    + " has just ended may be on its way"));
  }

  @GET
  @FilteredList
  @Operation(
      summary = "Requests, the newest first",
      description = "Every other parameter is a filter by a field of a record.")
  public Page<RequestView> requests(
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri) {
    ListQuery query =
        ListQuery.read(
            uri.getQueryParameters(),
            RequestFields.ALL,
            RequestFields.NEWEST_FIRST,
            Set.of("from", "to"),
            Page.limit(limit));
    TableList table = new TableList(query);
    if (scope() instanceof Scope.Tenants(Set<String> names)) {
      table.and("tenant in :scope", "scope", names);
    }
    TimeParameter.of("from", from).ifPresent(instant -> table.and("at >= :from", "from", instant));
    TimeParameter.of("to", to).ifPresent(instant -> table.and("at < :to", "to", instant));
    List<RequestRecordEntity> found =
        RequestRecordEntity.<RequestRecordEntity>find(table.text(), table.parameters())
            .page(0, table.rows())
            .list();
    Listed<RequestRecordEntity> listed =
        table.page(found, row -> field -> RequestFields.value(row, field));
    return new Page<>(listed.items().stream().map(RequestView::of).toList(), listed.nextCursor());
  }

  private Scope scope() {
    return gate.scope(caller.get(), "requests");
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
