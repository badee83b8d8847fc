package dev.penstock.controlplane.provisioning;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.MemberRepresentation;

/**
 * The groups of organizations, which Keycloak has since 26.6 and its admin client does not know as
 * of 26.0.8. Relative to the realm; a client of it is made by the admin client.
 */
@Path("organizations/{organization}/groups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public interface OrganizationGroups {

  /** Those at the top. */
  @GET
  List<GroupRepresentation> list(
      @PathParam("organization") String organization,
      @QueryParam("first") int first,
      @QueryParam("max") int max);

  /** Makes one. */
  @POST
  Response create(@PathParam("organization") String organization, GroupRepresentation group);

  /** Who is in it. */
  @GET
  @Path("{group}/members")
  List<MemberRepresentation> members(
      @PathParam("organization") String organization,
      @PathParam("group") String group,
      @QueryParam("first") int first,
      @QueryParam("max") int max);

  /** Takes a member of the organization into it. */
  @PUT
  @Path("{group}/members/{user}")
  Response join(
      @PathParam("organization") String organization,
      @PathParam("group") String group,
      @PathParam("user") String user);

  /** Takes somebody out of it. */
  @DELETE
  @Path("{group}/members/{user}")
  Response leave(
      @PathParam("organization") String organization,
      @PathParam("group") String group,
      @PathParam("user") String user);
}
