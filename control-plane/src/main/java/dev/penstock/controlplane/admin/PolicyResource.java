package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.policy.EffectivePolicies;
import dev.penstock.controlplane.revision.Revision;
import dev.penstock.controlplane.revision.Revisions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What binds a tenant in the end, and how it came to be so. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "policy")
public class PolicyResource {

  private final EffectivePolicies effective;
  private final Revisions revisions;

  PolicyResource(EffectivePolicies effective, Revisions revisions) {
    this.effective = effective;
    this.revisions = revisions;
  }

  @GET
  @Path("tenants/{name}/effective-policy")
  @Operation(summary = "Each value with the resources and ancestors it came from, and what is left")
  public ObjectNode effectivePolicy(@PathParam("name") String name) throws SQLException {
    return effective.explain(name);
  }

  @GET
  @Path("revisions")
  @FilteredList
  @Operation(
      summary = "Who changed what, the newest first",
      description = "Every other parameter is a filter by a field of a revision.")
  public Page<Revision> revisions(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri) {
    Listed<Revision> listed = revisions.list(uri.getQueryParameters(), Page.limit(limit));
    return new Page<>(listed.items(), listed.nextCursor());
  }
}
