package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.admin.Answers.Request;
import dev.penstock.controlplane.apikey.KeyViews;
import dev.penstock.controlplane.apikey.KeyViews.KeyView;
import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.PlanDesk;
import dev.penstock.controlplane.revision.WriteDesk;
import dev.penstock.controlplane.revision.Written;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What API keys have beyond their manifests: a life. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "api-keys")
public class ApiKeyResource {

  // Not the class's: it would hide what every kind has under the same path.
  private static final String ONE = "tenants/{tenant}/api-keys/{name}";

  private static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
  private static final Duration MAX_OVERLAP = Duration.ofDays(30);

  private final CurrentCaller caller;
  private final WriteDesk desk;
  private final PlanDesk plans;
  private final KeyViews views;
  private final Answers answers;

  ApiKeyResource(
      CurrentCaller caller, WriteDesk desk, PlanDesk plans, KeyViews views, Answers answers) {
    this.caller = caller;
    this.desk = desk;
    this.plans = plans;
    this.views = views;
    this.answers = answers;
  }

  /** The keys that go by a name. */
  public record Keys(List<KeyView> keys) {}

  @GET
  @Path(ONE + "/keys")
  @Operation(summary = "The keys that go by this name, the current one first, with their last use")
  public Keys keys(@PathParam("tenant") String tenant, @PathParam("name") String name) {
    List<KeyView> keys = views.of(ref(tenant, name));
    if (keys.isEmpty()) {
      throw ProblemException.notFound(ref(tenant, name) + " does not exist");
    }
    return new Keys(keys);
  }

  @POST
  @Path(ONE + "/rotate")
  @Operation(
      summary =
          "Give the name to a new key, answered once in `keys`; the old one is good for `overlap`"
              + " (24h) more")
  @APIResponse(
      responseCode = "200",
      description = "What has changed, or with `dryRun` a Plan",
      content = @Content(schema = @Schema(ref = "Written")))
  public Response rotate(
      @PathParam("tenant") String tenant,
      @PathParam("name") String name,
      @QueryParam("overlap") @Nullable String overlap,
      @QueryParam("dryRun") @Nullable String dryRun,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
    ResourceRef ref = ref(tenant, name);
    Duration good = overlapOf(overlap);
    Optional<IdempotencyKey> key = IdempotencyKey.of(idempotencyKey);
    if (DryRun.of(dryRun, key) == DryRun.YES) {
      return Answers.planned(plans.rotate(caller.get(), ref, good));
    }
    return answers.write(
        new Request(key, caller.get(), "rotate " + ref + " " + good, new byte[0]),
        () -> {
          Written written = desk.rotate(caller.get(), ref, good);
          return answers.done(written.revision(), written);
        });
  }

  private static Duration overlapOf(@Nullable String text) {
    if (text == null) {
      return DEFAULT_OVERLAP;
    }
    if (text.equals("0s")) {
      return Duration.ZERO;
    }
    return Durations.parse(text)
        .filter(overlap -> overlap.compareTo(MAX_OVERLAP) <= 0)
        .orElseThrow(() ->
            ProblemException.badRequest(
                "overlap", "expected a duration from 0s to 30d, such as 15m or 24h"));
  }

  private static ResourceRef ref(String tenant, String name) {
    return ResourceRef.ofTenant(Kind.API_KEY, tenant, name);
  }
}
