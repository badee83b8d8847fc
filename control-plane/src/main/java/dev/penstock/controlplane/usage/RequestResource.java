package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.problem.ProblemException;
import io.quarkus.panache.common.Parameters;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happened to requests. */
@Path("/api/v1/requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "usage")
public class RequestResource {

  /** Where a page ended. */
  private record Position(Instant at, UUID id) {

    static Position of(String text) {
      String[] parts = text.split(" ", -1);
      try {
        return new Position(Instant.parse(parts[0]), UUID.fromString(parts[1]));
      } catch (DateTimeParseException
          | IllegalArgumentException
          | ArrayIndexOutOfBoundsException notOurs) {
        throw ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
      }
    }
  }

  @GET
  @Path("{id}")
  @Operation(summary = "Everything about one request")
  public RequestView request(@PathParam("id") String id) {
    return uuid(id)
        .flatMap(
            uuid -> RequestRecordEntity.find("id", uuid).<RequestRecordEntity>firstResultOptional())
        .map(RequestView::of)
        .orElseThrow(() ->
            ProblemException.notFound(
                "no record of this request; nodes report within about a second, so one that"
                    + " has just ended may be on its way"));
  }

  @GET
  @Operation(summary = "Requests, the newest first")
  public Page<RequestView> requests(
      @QueryParam("tenant") @Nullable String tenant,
      @QueryParam("outcome") @Nullable String outcome,
      @QueryParam("model") @Nullable String model,
      @QueryParam("errorCode") @Nullable String errorCode,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int most = Page.limit(limit);
    StringBuilder query = new StringBuilder("true = true");
    Parameters parameters = new Parameters();
    filter(query, parameters, "tenant", tenant);
    filter(query, parameters, "outcome", outcome);
    filter(query, parameters, "model", model);
    filter(query, parameters, "errorCode", errorCode);
    Page.position(cursor)
        .map(Position::of)
        .ifPresent(after -> {
          query.append(" and (at < :at or (at = :at and id < :id))");
          parameters.and("at", after.at()).and("id", after.id());
        });
    List<RequestView> found =
        RequestRecordEntity.find(query + " order by at desc, id desc", parameters)
            .page(0, most + 1)
            .<RequestRecordEntity>stream()
            .map(RequestView::of)
            .toList();
    return Page.of(found, most, last -> last.at() + " " + last.id());
  }

  private static void filter(
      StringBuilder query, Parameters parameters, String field, @Nullable String value) {
    if (value != null) {
      query.append(" and ").append(field).append(" = :").append(field);
      parameters.and(field, value);
    }
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
