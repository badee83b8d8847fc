package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.revision.Change;
import dev.penstock.controlplane.revision.WriteDesk;
import dev.penstock.controlplane.revision.WriteDesk.Intent;
import dev.penstock.controlplane.revision.Written;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Many manifests at once: all in force under one revision, or none. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "apply")
public class ApplyResource {

  private static final String YAML = "application/yaml";

  private final ManifestReader reader;
  private final WriteDesk desk;
  private final CurrentCaller caller;

  ApplyResource(ManifestReader reader, WriteDesk desk, CurrentCaller caller) {
    this.reader = reader;
    this.desk = desk;
    this.caller = caller;
  }

  /** What would change. */
  public record Plan(List<Change> changes) {}

  @POST
  @Path("plan")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  @Operation(summary = "What the manifests would change")
  public Plan plan(byte[] body, @Context HttpHeaders headers) {
    Findings findings = new Findings();
    return new Plan(desk.plan(read(body, headers, findings), findings));
  }

  @POST
  @Path("apply")
  @Consumes({MediaType.APPLICATION_JSON, YAML})
  @Operation(summary = "Put the manifests in force; new API keys are answered once, in `keys`")
  public Response apply(byte[] body, @Context HttpHeaders headers) {
    Findings findings = new Findings();
    List<Manifest> manifests = read(body, headers, findings);
    Written written = desk.write(caller.get(), manifests, Intent.APPLY, findings);
    return Response.ok(written)
        .header(KindsDesk.REVISION_HEADER, written.revision())
        .header("Cache-Control", "no-store")
        .build();
  }

  private List<Manifest> read(byte[] body, HttpHeaders headers, Findings findings) {
    return MediaType.APPLICATION_JSON_TYPE.isCompatible(headers.getMediaType())
        ? reader.readJson(body, findings)
        : reader.readYaml(body, findings);
  }
}
