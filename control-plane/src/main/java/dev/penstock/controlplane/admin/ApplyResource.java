package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.admin.Answers.Request;
import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.EntityTags;
import dev.penstock.controlplane.revision.Others;
import dev.penstock.controlplane.revision.PlanDesk;
import dev.penstock.controlplane.revision.WriteDesk;
import dev.penstock.controlplane.revision.WriteOrder;
import dev.penstock.controlplane.revision.WriteOrder.Intent;
import dev.penstock.controlplane.revision.Written;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Many manifests at once: all in force under one revision, or none. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "apply")
public class ApplyResource {

  private static final String YAML = "application/yaml";

  private final ManifestReader reader;
  private final WriteDesk desk;
  private final PlanDesk plans;
  private final Answers answers;
  private final CurrentCaller caller;
  private final Waves waves;

  ApplyResource(
      ManifestReader reader,
      WriteDesk desk,
      PlanDesk plans,
      Answers answers,
      CurrentCaller caller,
      Waves waves) {
    this.reader = reader;
    this.desk = desk;
    this.plans = plans;
    this.answers = answers;
    this.caller = caller;
    this.waves = waves;
  }

  @POST
  @Path("plan")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  @Operation(
      summary = "What the manifests would change, and what that means in sentences",
      description =
          "The ETag of the answer names the state that the plan holds for: sent as If-Match with"
              + " `/apply`, the manifests are applied to that state or not at all.")
  @RequestBody(content = {@Content(schema = @Schema(ref = "Manifests"))})
  @APIResponse(
      responseCode = "200",
      description = "What would change",
      content = @Content(schema = @Schema(ref = "Plan")))
  public Response plan(
      @QueryParam("prune") @Nullable String prune,
      @QueryParam("rollout") @Nullable String rollout,
      byte[] body,
      @Context HttpHeaders headers) {
    Findings findings = new Findings();
    WriteOrder order = order(body, headers, prune, null, rollout, findings);
    return Answers.planned(plans.write(order, findings));
  }

  @POST
  @Path("apply")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  @Operation(
      summary = "Put the manifests in force; new API keys are answered once, in `keys`",
      description =
          "All under one revision, or nothing. With `prune` also deletes what the manifests cover"
              + " and do not hold: of every platform kind that occurs, and of every tenant that"
              + " occurs, itself or as an owner. With `rollout=waves` the nodes get"
              + " it in waves: see `/rollouts`.")
  @RequestBody(content = {@Content(schema = @Schema(ref = "Manifests"))})
  @APIResponse(
      responseCode = "200",
      description = "What has changed, or with `dryRun` a Plan",
      content = @Content(schema = @Schema(ref = "Written")))
  public Response apply(
      @QueryParam("prune") @Nullable String prune,
      @QueryParam("dryRun") @Nullable String dryRun,
      @QueryParam("rollout") @Nullable String rollout,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      byte[] body,
      @Context HttpHeaders headers) {
    Findings findings = new Findings();
    WriteOrder order = order(body, headers, prune, ifMatch, rollout, findings);
    Optional<IdempotencyKey> key = IdempotencyKey.of(idempotencyKey);
    if (DryRun.of(dryRun, key) == DryRun.YES) {
      return Answers.planned(plans.write(order, findings));
    }
    String target =
        "apply " + order.others() + " " + headers.getMediaType() + Waves.text(order.pace());
    return answers.write(
        new Request(key, order.caller(), target, body),
        () -> {
          Written written = desk.write(order, findings);
          return answers.done(written.revision(), written);
        });
  }

  private WriteOrder order(
      byte[] body,
      HttpHeaders headers,
      @Nullable String prune,
      @Nullable String ifMatch,
      @Nullable String rollout,
      Findings findings) {
    return new WriteOrder(
        caller.get(),
        read(body, headers, findings),
        Intent.APPLY,
        Flag.isSet("prune", prune) ? Others.PRUNE : Others.KEEP,
        EntityTags.mayMatch(ifMatch),
        waves.read(rollout));
  }

  private List<Manifest> read(byte[] body, HttpHeaders headers, Findings findings) {
    List<Manifest> manifests =
        MediaType.APPLICATION_JSON_TYPE.isCompatible(headers.getMediaType())
            ? reader.readJson(body, findings)
            : reader.readYaml(body, findings);
    if (manifests.isEmpty() && findings.isEmpty()) {
      // Whoever may do nothing must not get this far, and by nothing nobody can be told apart.
      throw ProblemException.badRequest("items", "expected at least one manifest");
    }
    return manifests;
  }
}
