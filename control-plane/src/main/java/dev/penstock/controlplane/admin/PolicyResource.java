package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.policy.EffectivePolicies;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What binds a tenant in the end, and how it came to be so. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "policy")
public class PolicyResource {

  private final EffectivePolicies effective;

  PolicyResource(EffectivePolicies effective) {
    this.effective = effective;
  }

  @GET
  @Path("tenants/{name}/effective-policy")
  @Operation(summary = "Each value with the resources and ancestors it came from, and what is left")
  public ObjectNode effectivePolicy(@PathParam("name") String name) throws SQLException {
    return effective.explain(name);
  }
}
