package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.admin.Page;
import io.quarkus.panache.common.Sort;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Which nodes there are, and who is behind. */
@Path("/api/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class NodeResource {

  private final SnapshotPublisher snapshots;

  NodeResource(SnapshotPublisher snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * A node as the admin API shows it.
   *
   * @param connected whether it has a session and was heard of within 15 s
   * @param desiredRevision newest snapshot of its region; 0: none
   * @param ackedRevision newest that it said is in force; 0: none
   */
  public record NodeView(
      String name,
      String region,
      boolean connected,
      Instant lastHeartbeatAt,
      long desiredRevision,
      long ackedRevision,
      long appliedRevision,
      List<Nack> nacks,
      String build,
      int inflight,
      long spoolBytes) {}

  @GET
  @Operation(summary = "Nodes by name: which revision each serves, and what it refused")
  public Page<NodeView> nodes() {
    Instant now = Instant.now();
    return new Page<>(
        NodeEntity.<NodeEntity>listAll(Sort.by("name")).stream()
            .map(node -> view(node, now))
            .toList(),
        null);
  }

  private NodeView view(NodeEntity node, Instant now) {
    return new NodeView(
        node.name,
        node.region,
        node.sessionId != null && node.lastHeartbeatAt.isAfter(now.minus(NodeRows.SILENCE)),
        node.lastHeartbeatAt,
        snapshots.newest(node.region).map(PackedSnapshot::revision).orElse(0L),
        node.ackedRevision,
        node.appliedRevision,
        node.nacks,
        node.build,
        node.inflight,
        node.spoolBytes);
  }
}
