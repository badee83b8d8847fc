package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.Problem;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.tenant.TenantLines;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.Side;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Tries a guard on a text. Neither is kept: not in the database, the audit log, a log or a metric.
 * Whoever may write a tenant's guards may try one.
 */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "guards")
public class GuardTrialResource {

  /** A trial may take seconds of a processor, and others have to be served, too. */
  static final int AT_ONCE = 4;

  private static final int MAX_FINDS = 1_000;
  private static final int UNAVAILABLE = 503;

  private final Guards guards;
  private final ManifestReader reader;
  private final TenantLines lines;
  private final Semaphore running = new Semaphore(AT_ONCE);

  GuardTrialResource(Guards guards, ManifestReader reader, TenantLines lines) {
    this.guards = guards;
    this.reader = reader;
    this.lines = lines;
  }

  /** What is tried, as the description of the API shows it. */
  @Schema(name = "GuardTrialDraft")
  public record Draft(
      @Schema(required = true, ref = "GuardSpec") Object spec,
      @Schema(required = true, description = "At most 64 KiB") String text,
      @Schema(
              description =
                  "Characters of a piece of the simulated stream: 1 to 1,000, 4 if not said; at most 16,384 pieces")
          @Nullable Integer pieceLength) {}

  @POST
  @Path("tenants/{tenant}/guards/try")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "tryGuard",
      summary = "What a guard would do with a text, whole and as a stream; nothing is kept",
      description =
          "The guard is stated in the body and needs not exist. The answer tells places and never"
              + " what was found; `text` and `leaves` are the text as it would go on.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Draft.class)))
  @APIResponse(
      responseCode = "200",
      description = "What it would do",
      content = @Content(schema = @Schema(implementation = Trial.class)))
  public Response tryGuard(@PathParam("tenant") String tenant, byte[] body) {
    if (lines.upFrom(tenant).isEmpty()) {
      throw ProblemException.notFound("Tenant " + tenant + " does not exist");
    }
    TrialDraft draft = TrialDraft.read(reader, guards, tenant, body);
    if (!running.tryAcquire()) {
      throw new ProblemException(
          Problem.of(
              UNAVAILABLE,
              "Busy",
              "%d guards are being tried already: try again in a few seconds".formatted(AT_ONCE)));
    }
    try {
      return Response.ok(run(draft)).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    } catch (ScanBudget.Exceeded tooLong) {
      throw ProblemException.refused(
          List.of(
              new Finding(
                  "text",
                  "the guard's patterns would take too long to search it, so a node would refuse it"
                      + " (expected: a shorter text, or simpler patterns)")));
    } finally {
      running.release();
    }
  }

  private static Trial run(TrialDraft draft) {
    WholeTrial whole = WholeTrial.of(draft.guard(), draft.text());
    Trial.Stream stream = StreamTrial.of(draft.guard(), draft.text(), draft.pieceLength());
    List<Trial.Find> shown = whole.finds().stream().limit(MAX_FINDS).toList();
    return new Trial(
        draft.guard().on().stream().map(Side::word).toList(),
        shown,
        whole.finds().size() - shown.size(),
        whole.whole(),
        stream);
  }
}
