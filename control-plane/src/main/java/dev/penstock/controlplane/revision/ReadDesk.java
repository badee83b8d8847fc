package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/** Shows resources as manifests. */
@Singleton
public class ReadDesk {

  private final Features features;

  ReadDesk(Features features) {
    this.features = features;
  }

  /** One resource. */
  @Transactional
  public ObjectNode get(ResourceRef ref) {
    return get(features.of(ref.kind()), ref);
  }

  private static <R extends Named> ObjectNode get(Feature<R> feature, ResourceRef ref) {
    return feature
        .store()
        .find(ref)
        .map(resource -> manifest(ref, feature.specOf(resource)))
        .orElseThrow(() -> ProblemException.notFound(ref + " does not exist"));
  }

  /** Up to {@code limit} resources after a name, by name. */
  @Transactional
  public List<ObjectNode> page(Kind kind, Optional<String> tenant, String afterName, int limit) {
    tenant.ifPresent(name -> get(ResourceRef.ofPlatform(Kind.TENANT, name)));
    return page(features.of(kind), tenant, afterName, limit);
  }

  private static <R extends Named> List<ObjectNode> page(
      Feature<R> feature, Optional<String> tenant, String afterName, int limit) {
    Kind kind = feature.store().kind();
    return feature.store().page(tenant, afterName, limit).stream()
        .map(each -> manifest(new ResourceRef(kind, tenant, each.name()), feature.specOf(each)))
        .toList();
  }

  private static ObjectNode manifest(ResourceRef ref, ObjectNode spec) {
    return new SpecWriter()
        .text("apiVersion", Manifest.API_VERSION)
        .text("kind", ref.kind().label())
        .node(
            "metadata",
            new SpecWriter().text("tenant", ref.tenant()).text("name", ref.name()).done())
        .node("spec", spec)
        .done();
  }
}
