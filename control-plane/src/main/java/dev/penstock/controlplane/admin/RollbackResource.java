package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.admin.Answers.Request;
import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.identity.Action;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.EntityTags;
import dev.penstock.controlplane.revision.PlanDesk;
import dev.penstock.controlplane.revision.RollbackDesk;
import dev.penstock.controlplane.revision.RollbackPlan;
import dev.penstock.controlplane.revision.RolledBack;
import dev.penstock.controlplane.rollout.Pace;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Back to what an earlier revision stated, as a new revision. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "policy")
public class RollbackResource {

  private static final String AREA = "revisions";

  private final RollbackDesk desk;
  private final PlanDesk plans;
  private final Answers answers;
  private final CurrentCaller caller;
  private final Gate gate;
  private final Waves waves;

  RollbackResource(
      RollbackDesk desk,
      PlanDesk plans,
      Answers answers,
      CurrentCaller caller,
      Gate gate,
      Waves waves) {
    this.desk = desk;
    this.plans = plans;
    this.answers = answers;
    this.caller = caller;
    this.gate = gate;
    this.waves = waves;
  }

  @POST
  @Path("revisions/{revision}/rollback")
  @Operation(
      summary = "State again what an earlier revision stated",
      description =
          "A new revision, all of it or nothing: 409 names what no longer fits. Revoked keys,"
              + " suspensions, values of secrets, members and money are left alone and named. With"
              + " `dryRun` what would change, as a plan.")
  @APIResponse(
      responseCode = "200",
      description = "What has changed, or with `dryRun` a RollbackPlan",
      content = @Content(schema = @Schema(implementation = RolledBack.class)))
  public Response rollback(
      @PathParam("revision") String revision,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
    // It takes away as well as it gives: whoever may not delete may not do this.
    gate.require(caller.get(), AREA, Action.DELETE, Optional.empty(), "");
    long to = read(revision);
    EntityTags tags = EntityTags.mayMatch(ifMatch);
    Pace pace = waves.read(rollout);
    Optional<IdempotencyKey> key = IdempotencyKey.of(idempotencyKey);
    if (DryRun.of(dryRun, key) == DryRun.YES) {
      RollbackPlan plan = plans.rollback(caller.get(), to, tags, pace);
      return Response.ok(plan)
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .header(HttpHeaders.ETAG, plan.tag().header())
          .build();
    }
    return answers.write(
        new Request(key, caller.get(), "rollback " + to + Waves.text(pace), new byte[0]),
        () -> {
          RolledBack done = desk.rollback(caller.get(), to, tags, pace);
          return answers.done(done.revision(), done);
        });
  }

  private static long read(String revision) {
    if (!revision.matches("[0-9]{1,18}")) {
      throw ProblemException.badRequest("revision", "expected a revision, such as 42");
    }
    return Long.parseLong(revision);
  }
}
