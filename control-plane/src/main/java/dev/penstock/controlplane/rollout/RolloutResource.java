package dev.penstock.controlplane.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Rollouts in waves: how far each has come, why it stopped, and to have it go on. */
@Path("/api/v1/rollouts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class RolloutResource {

  private static final Field REVISION = Field.ofView("revision", Type.LONG);
  private static final List<SortKey> NEWEST_FIRST = List.of(SortKey.down(REVISION));
  private static final List<Field> FIELDS =
      List.of(
          REVISION,
          Field.ofView("baseRevision", Type.LONG),
          Field.ofView("author", Type.TEXT),
          Field.ofView("startedAt", Type.TIME),
          Field.ofView("state", Type.TEXT),
          Field.ofView("wave", Type.TEXT),
          Field.ofView("waveAt", Type.TIME),
          Field.ofView("endedAt", Type.TIME),
          Field.ofView("supersededBy", Type.LONG));

  private final RolloutWatch watch;
  private final CurrentCaller caller;
  private final ObjectMapper json;

  RolloutResource(RolloutWatch watch, CurrentCaller caller, ObjectMapper json) {
    this.watch = watch;
    this.caller = caller;
    this.json = json;
  }

  @GET
  @FilteredList
  @Operation(
      summary = "Rollouts in waves, the newest first",
      description =
          "A write with `rollout=waves` starts one. Every other parameter is a filter by a field of"
              + " a rollout.")
  public Page<RolloutView> rollouts(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri)
      throws SQLException {
    ListQuery query =
        ListQuery.read(uri.getQueryParameters(), FIELDS, NEWEST_FIRST, Set.of(), Page.limit(limit));
    return Page.of(watch.list(query, json::<JsonNode>valueToTree));
  }

  @GET
  @Path("{revision}")
  @Operation(summary = "One rollout: its wave, the gate that it waits at, and why it stopped")
  public RolloutView rollout(@PathParam("revision") String revision) throws SQLException {
    return found(number(revision).orElseThrow(() -> missing(revision)));
  }

  @POST
  @Path("{revision}/resume")
  @APIResponse(
      responseCode = "200",
      description = "It goes on",
      content = @Content(schema = @Schema(implementation = RolloutView.class)))
  @Operation(
      summary = "Begin anew the wave at which a rollout stopped",
      description = "With other nodes in the place of those that are gone.")
  public RolloutView resumeRollout(@PathParam("revision") String revision) throws SQLException {
    long first =
        number(revision)
            .orElseThrow(() ->
                ProblemException.badRequest(
                    "revision", "expected the first revision of a rollout, such as 42"));
    if (!watch.resume(caller.get().name(), first)) {
      throw missing(revision);
    }
    return found(first);
  }

  private RolloutView found(long revision) throws SQLException {
    return watch.find(revision).orElseThrow(() -> missing(Long.toString(revision)));
  }

  private static ProblemException missing(String revision) {
    return ProblemException.notFound("Rollout " + revision + " does not exist");
  }

  private static Optional<Long> number(String revision) {
    return revision.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(revision)) : Optional.empty();
  }
}
