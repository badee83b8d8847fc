package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.ReadDesk;
import dev.penstock.controlplane.revision.WriteDesk;
import dev.penstock.controlplane.revision.WriteDesk.Intent;
import dev.penstock.controlplane.revision.Written;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the endpoints of all kinds have in common. */
@Singleton
class KindsDesk {

  static final String REVISION_HEADER = "x-penstock-revision";

  private static final int CREATED = 201;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;

  private final ManifestReader reader;
  private final ReadDesk readDesk;
  private final WriteDesk writeDesk;
  private final CurrentCaller caller;

  KindsDesk(ManifestReader reader, ReadDesk readDesk, WriteDesk writeDesk, CurrentCaller caller) {
    this.reader = reader;
    this.readDesk = readDesk;
    this.writeDesk = writeDesk;
    this.caller = caller;
  }

  Page<ObjectNode> list(
      Kind kind, Optional<String> tenant, @Nullable String limit, @Nullable String cursor) {
    int most = Page.limit(limit);
    String after = Page.position(cursor).orElse("");
    return Page.of(
        readDesk.page(kind, tenant, after, most + 1),
        most,
        manifest -> manifest.at("/metadata/name").textValue());
  }

  ObjectNode get(ResourceRef ref) {
    return readDesk.get(ref);
  }

  Response create(Kind kind, Optional<String> tenant, byte[] body) {
    Findings findings = new Findings();
    Manifest manifest = reader.readOne(body, kind, tenant, findings);
    Written written = writeDesk.write(caller.get(), List.of(manifest), Intent.CREATE, findings);
    ObjectNode shown = readDesk.get(manifest.ref());
    written.keys().forEach(key -> shown.put("key", key.key()));
    return answer(CREATED, written.revision(), shown);
  }

  Response replace(ResourceRef ref, byte[] body) {
    Findings findings = new Findings();
    Manifest manifest = reader.readOne(body, ref.kind(), ref.tenant(), findings);
    if (!manifest.ref().equals(ref)) {
      throw ProblemException.badRequest(
          "metadata.name", "expected " + ref.name() + ", as in the path");
    }
    Written written = writeDesk.write(caller.get(), List.of(manifest), Intent.REPLACE, findings);
    return answer(OK, written.revision(), readDesk.get(ref));
  }

  Response delete(ResourceRef ref) {
    long revision = writeDesk.delete(caller.get(), ref);
    return Response.status(NO_CONTENT).header(REVISION_HEADER, revision).build();
  }

  private static Response answer(int status, long revision, ObjectNode manifest) {
    return Response.status(status)
        .header(REVISION_HEADER, revision)
        // A new key is in it; no cache on the way has any business with that.
        .header("Cache-Control", "no-store")
        .entity(manifest)
        .build();
  }
}
