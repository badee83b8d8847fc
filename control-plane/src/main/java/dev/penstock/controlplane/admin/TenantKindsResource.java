package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a tenant owns. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "resources")
public class TenantKindsResource {

  private static final String ALL = "tenants/{tenant}/{kinds: secrets|policies|budgets|api-keys}";
  private static final String ONE = ALL + "/{name}";

  private final KindsDesk desk;

  TenantKindsResource(KindsDesk desk) {
    this.desk = desk;
  }

  @GET
  @Path(ALL)
  @Operation(summary = "List the manifests of a kind, by name")
  public Page<ObjectNode> list(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return desk.list(kind(kinds), Optional.of(tenant), limit, cursor);
  }

  @POST
  @Path(ALL)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Create from a manifest; a new API key is answered once, in `key`")
  public Response create(
      @PathParam("tenant") String tenant, @PathParam("kinds") String kinds, byte[] body) {
    return desk.create(kind(kinds), Optional.of(tenant), body);
  }

  @GET
  @Path(ONE)
  @Operation(summary = "Show one manifest")
  public ObjectNode get(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @PathParam("name") String name) {
    return desk.get(ResourceRef.ofTenant(kind(kinds), tenant, name));
  }

  @PUT
  @Path(ONE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Replace what exists")
  public Response replace(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      byte[] body) {
    return desk.replace(ResourceRef.ofTenant(kind(kinds), tenant, name), body);
  }

  @DELETE
  @Path(ONE)
  @Operation(summary = "Delete what nothing refers to; of an API key: revoke it")
  public Response delete(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @PathParam("name") String name) {
    return desk.delete(ResourceRef.ofTenant(kind(kinds), tenant, name));
  }

  private static Kind kind(String kinds) {
    return Kind.ofPath(kinds, Kind.Owner.TENANT).orElseThrow(NotFoundException::new);
  }
}
