package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Kind.Owner;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.revision.Descent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The manifests of every kind: first what the platform owns, then what a tenant owns. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "resources")
public class KindsResource {

  private static final String PLATFORM = "{kinds: regions|tenants|providers|models}";
  private static final String TENANT =
      "tenants/{tenant}/{kinds: secrets|policies|routes|budgets|rate-limits|guards|api-keys|members}";
  private static final String ONE = "/{name}";

  private static final String LIST = "List the manifests of a kind, by name";
  private static final String LISTED =
      "With `search`, what has that text in its name or display name. Every other parameter is a filter: a field of the kind and a value that it must have, several"
          + " times for one of several; of a list it must hold the value.";
  private static final String CREATE =
      "Create from a manifest; a new API key is answered once, in `key`";
  private static final String GET = "Show one manifest";
  private static final String REPLACE = "Replace what exists";
  private static final String DELETE = "Delete what nothing refers to; of an API key: revoke it";

  private final KindsDesk desk;

  KindsResource(KindsDesk desk) {
    this.desk = desk;
  }

  @GET
  @Path(PLATFORM)
  @FilteredList
  @Operation(summary = LIST, description = LISTED)
  public Page<ObjectNode> list(
      @PathParam("kinds") String kinds,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @QueryParam("search") @Nullable String search,
      @Context UriInfo uri) {
    return desk.list(kind(kinds, Owner.PLATFORM), Optional.empty(), uri, limit);
  }

  @POST
  @Path(PLATFORM)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = CREATE)
  public Response create(
      @PathParam("kinds") String kinds,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      byte[] body,
      @QueryParam("template") @Nullable String template) {
    return desk.create(
        kind(kinds, Owner.PLATFORM),
        Optional.empty(),
        body,
        template,
        dryRun,
        rollout,
        idempotencyKey);
  }

  @GET
  @Path(PLATFORM + ONE)
  @Operation(summary = GET)
  public Response get(
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch) {
    return desk.get(ref(kinds, name), ifNoneMatch);
  }

  @PUT
  @Path(PLATFORM + ONE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = REPLACE)
  public Response replace(
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout,
      byte[] body) {
    return desk.replace(ref(kinds, name), body, ifMatch, dryRun, rollout);
  }

  @DELETE
  @Path(PLATFORM + ONE)
  @Operation(summary = DELETE)
  public Response delete(
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @QueryParam("cascade") @Nullable String cascade,
      @QueryParam("confirm") @Nullable String confirm,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout) {
    ResourceRef ref = ref(kinds, name);
    return desk.delete(ref, Cascade.read(ref, cascade, confirm), ifMatch, dryRun, rollout);
  }

  @GET
  @Path(TENANT)
  @FilteredList
  @Operation(summary = LIST, description = LISTED)
  public Page<ObjectNode> list(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @QueryParam("search") @Nullable String search,
      @Context UriInfo uri) {
    return desk.list(kind(kinds, Owner.TENANT), Optional.of(tenant), uri, limit);
  }

  @POST
  @Path(TENANT)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = CREATE)
  public Response create(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      byte[] body) {
    return desk.create(
        kind(kinds, Owner.TENANT),
        Optional.of(tenant),
        body,
        null,
        dryRun,
        rollout,
        idempotencyKey);
  }

  @GET
  @Path(TENANT + ONE)
  @Operation(summary = GET)
  public Response get(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch) {
    return desk.get(ref(tenant, kinds, name), ifNoneMatch);
  }

  @PUT
  @Path(TENANT + ONE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = REPLACE)
  public Response replace(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout,
      byte[] body) {
    return desk.replace(ref(tenant, kinds, name), body, ifMatch, dryRun, rollout);
  }

  @DELETE
  @Path(TENANT + ONE)
  @Operation(summary = DELETE)
  public Response delete(
      @PathParam("tenant") String tenant,
      @PathParam("kinds") String kinds,
      @PathParam("name") String name,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout) {
    return desk.delete(ref(tenant, kinds, name), Descent.KEEP, ifMatch, dryRun, rollout);
  }

  private static ResourceRef ref(String kinds, String name) {
    return ResourceRef.ofPlatform(kind(kinds, Owner.PLATFORM), name);
  }

  private static ResourceRef ref(String tenant, String kinds, String name) {
    return ResourceRef.ofTenant(kind(kinds, Owner.TENANT), tenant, name);
  }

  private static Kind kind(String kinds, Owner owner) {
    return Kind.ofPath(kinds, owner).orElseThrow(NotFoundException::new);
  }
}
