package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.admin.Answers.Request;
import dev.penstock.controlplane.idempotency.Answer;
import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.Descent;
import dev.penstock.controlplane.revision.EntityTags;
import dev.penstock.controlplane.revision.PlanDesk;
import dev.penstock.controlplane.revision.ReadDesk;
import dev.penstock.controlplane.revision.ReadDesk.Shown;
import dev.penstock.controlplane.revision.WriteDesk;
import dev.penstock.controlplane.revision.WriteOrder;
import dev.penstock.controlplane.revision.Written;
import dev.penstock.controlplane.rollout.Pace;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the endpoints of all kinds have in common. */
@Singleton
class KindsDesk {

  private static final int CREATED = 201;
  private static final int OK = 200;

  private final ManifestReader reader;
  private final ReadDesk readDesk;
  private final WriteDesk writeDesk;
  private final PlanDesk planDesk;
  private final Answers answers;
  private final CurrentCaller caller;
  private final Gate gate;
  private final Waves waves;

  KindsDesk(
      ManifestReader reader,
      ReadDesk readDesk,
      WriteDesk writeDesk,
      PlanDesk planDesk,
      Answers answers,
      CurrentCaller caller,
      Gate gate,
      Waves waves) {
    this.reader = reader;
    this.readDesk = readDesk;
    this.writeDesk = writeDesk;
    this.planDesk = planDesk;
    this.answers = answers;
    this.caller = caller;
    this.gate = gate;
    this.waves = waves;
  }

  Page<ObjectNode> list(Kind kind, Optional<String> tenant, UriInfo uri, @Nullable String limit) {
    Listed<ObjectNode> listed =
        readDesk.list(kind, tenant, scope(kind), uri.getQueryParameters(), Page.limit(limit));
    return Page.of(listed);
  }

  /** A tenant's things are all of that tenant, which the gate has let the caller into. */
  private Scope scope(Kind kind) {
    return kind == Kind.TENANT ? gate.scope(caller.get(), kind.path()) : new Scope.Everything();
  }

  Response get(ResourceRef ref, @Nullable String ifNoneMatch) {
    Shown shown = readDesk.show(ref);
    Response.ResponseBuilder response =
        EntityTags.isKnown(ifNoneMatch, shown.tag())
            ? Response.notModified()
            : Response.ok(shown.manifest());
    return response
        .header(HttpHeaders.ETAG, shown.tag().header())
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .build();
  }

  Response create(
      Kind kind,
      Optional<String> tenant,
      byte[] body,
      @Nullable String template,
      @Nullable String dryRun,
      @Nullable String rollout,
      @Nullable String idempotencyKey) {
    Findings findings = new Findings();
    Manifest manifest = reader.readOne(body, kind, tenant, findings);
    List<Manifest> all = new ArrayList<>(List.of(manifest));
    all.addAll(TenantTemplate.read(template, manifest, reader, findings));
    WriteOrder order = WriteOrder.create(caller.get(), all, waves.read(rollout));
    Optional<IdempotencyKey> key = IdempotencyKey.of(idempotencyKey);
    if (DryRun.of(dryRun, key) == DryRun.YES) {
      return Answers.planned(planDesk.write(order, findings));
    }
    String what = "create " + kind + " " + tenant + (template == null ? "" : " from " + template);
    Request request = new Request(key, order.caller(), what + Waves.text(order.pace()), body);
    return answers.write(request, () -> created(order, manifest.ref(), findings));
  }

  private Answer created(WriteOrder order, ResourceRef ref, Findings findings) {
    Written written = writeDesk.write(order, findings);
    Shown shown = readDesk.show(ref);
    written.keys().forEach(key -> shown.manifest().put("key", key.key()));
    return answers.shown(CREATED, written.revision(), shown);
  }

  Response replace(
      ResourceRef ref,
      byte[] body,
      @Nullable String ifMatch,
      @Nullable String dryRun,
      @Nullable String rollout) {
    EntityTags seen = EntityTags.mustMatch(ifMatch);
    Findings findings = new Findings();
    Manifest manifest = reader.readOne(body, ref.kind(), ref.tenant(), findings);
    if (!manifest.ref().equals(ref)) {
      throw ProblemException.badRequest(
          "metadata.name", "expected " + ref.name() + ", as in the path");
    }
    WriteOrder order = WriteOrder.replace(caller.get(), manifest, seen, waves.read(rollout));
    if (DryRun.of(dryRun) == DryRun.YES) {
      return Answers.planned(planDesk.write(order, findings));
    }
    Request request = new Request(Optional.empty(), order.caller(), "replace " + ref, body);
    return answers.write(
        request,
        () -> answers.shown(OK, writeDesk.write(order, findings).revision(), readDesk.show(ref)));
  }

  Response delete(
      ResourceRef ref,
      Descent descent,
      @Nullable String ifMatch,
      @Nullable String dryRun,
      @Nullable String rollout) {
    EntityTags seen = EntityTags.mayMatch(ifMatch);
    Pace pace = waves.read(rollout);
    if (DryRun.of(dryRun) == DryRun.YES) {
      return Answers.planned(planDesk.delete(caller.get(), ref, seen, descent, pace));
    }
    long revision = writeDesk.delete(caller.get(), ref, seen, descent, pace);
    Response.ResponseBuilder gone = Response.noContent();
    answers.revision(revision).forEach(gone::header);
    return gone.build();
  }
}
