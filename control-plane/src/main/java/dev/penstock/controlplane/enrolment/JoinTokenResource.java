package dev.penstock.controlplane.enrolment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.admin.Answers;
import dev.penstock.controlplane.admin.Answers.Request;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.enrolment.JoinTokenDraft.Wanted;
import dev.penstock.controlplane.enrolment.JoinTokens.Made;
import dev.penstock.controlplane.idempotency.Answer;
import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.MemoryList;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens with which nodes join; the text of each is shown once. */
@Path("/api/v1/join-tokens")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet")
public class JoinTokenResource {

  private static final Field CREATED_AT = Field.ofView("createdAt", Type.TIME);
  private static final List<SortKey> NEWEST_FIRST =
      List.of(SortKey.down(CREATED_AT), SortKey.up(Field.ofView("id", Type.TEXT)));
  private static final List<Field> FIELDS =
      List.of(
          Field.ofView("id", Type.TEXT),
          Field.ofView("region", Type.TEXT),
          Field.ofView("node", Type.TEXT),
          Field.ofView("createdBy", Type.TEXT),
          CREATED_AT,
          Field.ofView("expiresAt", Type.TIME),
          Field.ofView("redeemedAt", Type.TIME),
          Field.ofView("redeemedBy", Type.TEXT));

  private final JoinTokens tokens;
  private final CurrentCaller caller;
  private final Answers answers;
  private final ObjectMapper json;

  JoinTokenResource(JoinTokens tokens, CurrentCaller caller, Answers answers, ObjectMapper json) {
    this.tokens = tokens;
    this.caller = caller;
    this.answers = answers;
    this.json = json;
  }

  /** What a token is wanted for, as the description of the API shows it. */
  @Schema(
      name = "JoinTokenDraft",
      description =
          "`node`: the only name that it is good for; without it, a new node of the region")
  public record Draft(
      @Schema(required = true) String region,
      @Nullable String node,
      @Schema(enumeration = "node") @Nullable String role,
      @Schema(description = "At most 10m, which is the default") @Nullable String expiresIn) {}

  /** A new token with its text. */
  public record NewJoinToken(
      String id,
      String region,
      @Nullable String node,
      String role,
      Instant expiresAt,
      @Nullable String token,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(description = "Instead of the token in the answer to a repetition")
          @Nullable String tokenWithheld) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make a token with which one node joins; it is shown once, in `token`",
      description =
          "One that names the node also lets a node in again that was revoked or has lost its"
              + " certificate.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Draft.class)))
  @APIResponse(
      responseCode = "201",
      description = "Made",
      content = @Content(schema = @Schema(implementation = NewJoinToken.class)))
  public Response makeJoinToken(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey, byte[] body) {
    Wanted wanted = JoinTokenDraft.read(json, body);
    Request request =
        new Request(IdempotencyKey.of(idempotencyKey), caller.get(), "make a join token", body);
    return answers.write(request, () -> made(wanted));
  }

  private Answer made(Wanted wanted) {
    Made made =
        tokens.make(
            caller.get().name(), wanted.region(), wanted.node(), wanted.life(), Instant.now());
    NewJoinToken shown =
        new NewJoinToken(
            made.token().id(),
            made.token().region(),
            made.token().node(),
            made.token().role(),
            made.token().expiresAt(),
            made.text(),
            null);
    return new Answer(
        Response.Status.CREATED.getStatusCode(),
        Map.of(HttpHeaders.CACHE_CONTROL, "no-store"),
        json.valueToTree(shown));
  }

  @GET
  @FilteredList
  @Operation(summary = "Join tokens, the newest first, with what has become of each")
  public Page<JoinToken> joinTokens(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri)
      throws SQLException {
    ListQuery query =
        ListQuery.read(uri.getQueryParameters(), FIELDS, NEWEST_FIRST, Set.of(), Page.limit(limit));
    Listed<JoinToken> listed = MemoryList.page(tokens.all(), json::<JsonNode>valueToTree, query);
    return Page.of(listed);
  }

  @DELETE
  @Path("{id}")
  @Operation(summary = "Take a join token back")
  @APIResponse(responseCode = "204", description = "It is no longer good for anything")
  public void deleteJoinToken(@PathParam("id") String id) throws SQLException {
    if (!tokens.delete(caller.get().name(), id, Instant.now())) {
      throw ProblemException.notFound("JoinToken " + id + " does not exist");
    }
  }
}
