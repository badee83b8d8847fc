package dev.penstock.controlplane.enrolment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.MemoryList;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A node's certificates, and their end. */
@Path("/api/v1/nodes/{name}/certificates")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class RevocationResource {

  private static final int MAX_REASON = 256;

  private static final Field ISSUED_AT = Field.ofView("issuedAt", Type.TIME);
  private static final Field SERIAL = Field.ofView("serial", Type.TEXT);
  private static final List<SortKey> NEWEST_FIRST =
      List.of(SortKey.down(ISSUED_AT), SortKey.up(SERIAL));
  private static final List<Field> FIELDS =
      List.of(
          SERIAL,
          Field.ofView("issuer", Type.TEXT),
          Field.ofView("region", Type.TEXT),
          Field.ofView("origin", Type.TEXT),
          ISSUED_AT,
          Field.ofView("expiresAt", Type.TIME),
          Field.ofView("revokedAt", Type.TIME),
          Field.ofView("revokedBy", Type.TEXT));

  private final NodeCertificates certificates;
  private final CurrentCaller caller;
  private final ObjectMapper json;

  RevocationResource(NodeCertificates certificates, CurrentCaller caller, ObjectMapper json) {
    this.certificates = certificates;
    this.caller = caller;
    this.json = json;
  }

  @GET
  @FilteredList
  @Operation(summary = "A node's certificates, the newest first, and which were revoked")
  public Page<NodeCertificateView> certificates(
      @PathParam("name") String name,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri)
      throws SQLException {
    ListQuery query =
        ListQuery.read(uri.getQueryParameters(), FIELDS, NEWEST_FIRST, Set.of(), Page.limit(limit));
    List<NodeCertificateView> found = certificates.of(name);
    if (found.isEmpty()) {
      throw ProblemException.notFound("nobody knows a certificate of node " + name);
    }
    return Page.of(MemoryList.page(found, json::<JsonNode>valueToTree, query));
  }

  @DELETE
  @Operation(
      summary = "Revoke a node: its certificates, its unused tokens and its session end at once",
      description =
          "The node goes on serving with the policy that it has, for as long as that may be old. It"
              + " comes back with a join token that names it. `reason` is kept with the revocation.")
  @APIResponse(responseCode = "204", description = "Nothing that this node holds counts any more")
  public void revoke(@PathParam("name") String name, @QueryParam("reason") @Nullable String reason)
      throws SQLException {
    String why = reason == null ? "" : reason;
    if (why.length() > MAX_REASON) {
      throw ProblemException.badRequest("reason", "expected at most " + MAX_REASON + " characters");
    }
    if (!certificates.revoke(name, caller.get().name(), why, Instant.now())) {
      throw ProblemException.notFound("Node " + name + " does not exist");
    }
  }
}
