package dev.penstock.controlplane.audit;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.admin.TimeParameter;
import dev.penstock.controlplane.audit.AuditEvent.Action;
import dev.penstock.controlplane.audit.AuditEvent.Outcome;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who did what to which resource. */
@Path("/api/v1/audit-events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "audit")
public class AuditResource {

  private static final List<String> ACTIONS =
      Arrays.stream(Action.values()).map(Action::word).toList();
  private static final List<String> OUTCOMES =
      Arrays.stream(Outcome.values()).map(Outcome::word).toList();

  private static final String OLDEST_FIRST = "index";
  private static final List<String> SORTS = List.of(OLDEST_FIRST, "-index");

  private final AuditLog log;
  private final Gate gate;
  private final CurrentCaller caller;

  AuditResource(AuditLog log, Gate gate, CurrentCaller caller) {
    this.log = log;
    this.gate = gate;
    this.caller = caller;
  }

  @GET
  @Operation(
      summary = "Changes, refused writes and denied exchanges, the newest first",
      description =
          "`sort` is `-index` (the newest first) or `index`, the order of appending. Denied exchanges"
              + " of callers whom nobody knows share one event per node, minute and reason, which"
              + " tells of the newest and has how many they were in `occurrences`.")
  public Page<AuditEventView> auditEvents(
      @QueryParam("actor") @Nullable String actor,
      @QueryParam("action") @Nullable String action,
      @QueryParam("resource") @Nullable String resource,
      @QueryParam("tenant") @Nullable String tenant,
      @QueryParam("outcome") @Nullable String outcome,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort)
      throws SQLException {
    int most = Page.limit(limit);
    AuditQuery query =
        new AuditQuery(
            Optional.ofNullable(actor),
            word("action", action, ACTIONS),
            Optional.ofNullable(resource),
            Optional.ofNullable(tenant),
            word("outcome", outcome, OUTCOMES),
            TimeParameter.of("from", from),
            TimeParameter.of("to", to),
            word("sort", sort, SORTS).equals(Optional.of(OLDEST_FIRST)),
            Page.position(cursor).map(AuditResource::index),
            gate.scope(caller.get(), "audit-events"),
            most + 1);
    return Page.of(log.find(query), most, last -> Long.toString(last.index()));
  }

  private static Optional<String> word(
      String parameter, @Nullable String text, List<String> known) {
    if (text != null && !known.contains(text)) {
      throw ProblemException.badRequest(parameter, "expected one of " + known);
    }
    return Optional.ofNullable(text);
  }

  private static long index(String position) {
    try {
      return Long.parseLong(position);
    } catch (NumberFormatException notOurs) {
      throw ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
    }
  }
}
