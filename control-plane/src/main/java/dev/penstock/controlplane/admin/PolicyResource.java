package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.policy.EffectivePolicies;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.Revision;
import dev.penstock.controlplane.revision.Revisions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
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
  @Operation(summary = "Each value with the resources and ancestors it came from")
  public ObjectNode effectivePolicy(@PathParam("name") String name) {
    return effective.explain(name);
  }

  @GET
  @Path("revisions")
  @Operation(summary = "Who changed what, the newest first")
  public Page<Revision> revisions(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int most = Page.limit(limit);
    long before = Page.position(cursor).map(PolicyResource::number).orElse(Long.MAX_VALUE);
    return Page.of(
        revisions.before(before, most + 1), most, each -> Long.toString(each.revision()));
  }

  private static long number(String position) {
    try {
      return Long.parseLong(position);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
    }
  }
}
