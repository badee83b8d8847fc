package dev.penstock.controlplane.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.MemoryList;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.Revisions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Which nodes there are, and who is behind. */
@Path("/api/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class NodeResource {

  private static final Field NAME = Field.ofView("name", Type.TEXT);
  private static final List<SortKey> BY_NAME = List.of(SortKey.up(NAME));
  private static final List<Field> FIELDS =
      List.of(
          NAME,
          Field.ofView("region", Type.TEXT),
          Field.ofView("connected", Type.FLAG),
          Field.ofView("lastHeartbeatAt", Type.TIME),
          Field.ofView("desiredRevision", Type.LONG),
          Field.ofView("ackedRevision", Type.LONG),
          Field.ofView("appliedRevision", Type.LONG),
          Field.ofView("revisionsBehind", Type.LONG),
          Field.ofView("behindMillis", Type.LONG),
          Field.ofView("build", Type.TEXT),
          Field.ofView("inflight", Type.LONG),
          Field.ofView("spoolBytes", Type.LONG));

  private final SnapshotPublisher snapshots;
  private final Revisions revisions;
  private final ObjectMapper json;

  NodeResource(SnapshotPublisher snapshots, Revisions revisions, ObjectMapper json) {
    this.snapshots = snapshots;
    this.revisions = revisions;
    this.json = json;
  }

  /**
   * A node as the admin API shows it.
   *
   * @param connected whether it has a session and was heard of within 15 s
   * @param desiredRevision newest snapshot of its region or, while that comes in waves and this
   *     node waits, the one that it keeps; 0: none
   * @param ackedRevision newest that it said is in force; 0: none
   * @param revisionsBehind how many revisions lie between the two
   * @param behindMillis how long ago the first revision was made that it has not said is in force;
   *     0 where it has them all
   */
  public record NodeView(
      String name,
      String region,
      boolean connected,
      Instant lastHeartbeatAt,
      long desiredRevision,
      long ackedRevision,
      long appliedRevision,
      long revisionsBehind,
      long behindMillis,
      List<Nack> nacks,
      String build,
      int inflight,
      long spoolBytes) {}

  @GET
  @FilteredList
  @Operation(
      summary = "Nodes by name: which revision each serves, and what it refused",
      description =
          "With `behind`, those that do not yet enforce that revision. Every other parameter is a"
              + " filter by a field of a node.")
  public Page<NodeView> nodes(
      @QueryParam("behind") @Nullable String behind,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri) {
    ListQuery query =
        ListQuery.read(
            uri.getQueryParameters(), FIELDS, BY_NAME, Set.of("behind"), Page.limit(limit));
    Instant now = Instant.now();
    long reached = behind == null ? Long.MAX_VALUE : revision(behind);
    // A fleet fits in memory, and whether a node is connected is in no column.
    List<NodeView> nodes =
        NodeEntity.<NodeEntity>listAll().stream()
            .filter(node -> node.ackedRevision < reached)
            .map(node -> view(node, now))
            .toList();
    Listed<NodeView> listed = MemoryList.page(nodes, json::<JsonNode>valueToTree, query);
    return Page.of(listed);
  }

  private static long revision(String behind) {
    if (!behind.matches("[0-9]{1,18}")) {
      throw ProblemException.badRequest("behind", "expected a revision, such as 42");
    }
    return Long.parseLong(behind);
  }

  private NodeView view(NodeEntity node, Instant now) {
    long desired = snapshots.offer(node.region).map(offer -> desired(offer, node)).orElse(0L);
    long behind = Math.max(0, desired - node.ackedRevision);
    return new NodeView(
        node.name,
        node.region,
        node.isConnected(now),
        node.lastHeartbeatAt,
        desired,
        node.ackedRevision,
        node.appliedRevision,
        behind,
        behind == 0 ? 0 : millisSince(revisions.firstAfter(node.ackedRevision), now),
        node.nacks,
        node.build,
        node.inflight,
        node.spoolBytes);
  }

  private static long desired(Offer offer, NodeEntity node) {
    return offer
        .to(node.name, node.appliedRevision)
        .map(PackedSnapshot::revision)
        .orElse(node.appliedRevision);
  }

  private static long millisSince(Optional<Instant> at, Instant now) {
    return at.map(made -> Math.max(0, Duration.between(made, now).toMillis())).orElse(0L);
  }
}
