package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.revision.Change;
import dev.penstock.controlplane.revision.Revision;
import dev.penstock.controlplane.revision.Revisions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who changed what, and how far it has come with the nodes. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "policy")
public class RevisionResource {

  private final Revisions revisions;

  RevisionResource(Revisions revisions) {
    this.revisions = revisions;
  }

  /**
   * A revision as the admin API shows it.
   *
   * @param rollbackOf the revision whose content it states again
   */
  public record RevisionView(
      long revision,
      String author,
      Instant at,
      Optional<Long> rollbackOf,
      List<Change> changes,
      Rollout rollout) {}

  @GET
  @Path("revisions")
  @FilteredList
  @Operation(
      summary = "Who changed what, the newest first, and how far it has come with the nodes",
      description = "Every other parameter is a filter by a field of a revision.")
  public Page<RevisionView> revisions(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri) {
    Listed<Revision> listed = revisions.list(uri.getQueryParameters(), Page.limit(limit));
    Instant now = Instant.now();
    List<NodeEntity> connected =
        NodeEntity.<NodeEntity>listAll().stream().filter(node -> node.isConnected(now)).toList();
    return new Page<>(
        listed.items().stream().map(revision -> view(revision, connected)).toList(),
        listed.nextCursor());
  }

  private static RevisionView view(Revision revision, List<NodeEntity> connected) {
    return new RevisionView(
        revision.revision(),
        revision.author(),
        revision.at(),
        revision.rollbackOf(),
        revision.changes(),
        Rollout.of(revision.revision(), connected));
  }
}
