package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.MemoryList;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Shows resources as manifests. */
@Singleton
public class ReadDesk {

  private static final Field NAME = new Field("name", "/metadata/name", Field.Type.TEXT);
  private static final String SEARCH = "search";
  private static final List<SortKey> BY_NAME = List.of(SortKey.up(NAME));

  private final Features features;

  ReadDesk(Features features) {
    this.features = features;
  }

  /** A resource as its manifest, and the tag of the state it is in. */
  public record Shown(ObjectNode manifest, EntityTag tag) {}

  /** One resource. */
  @Transactional
  public Shown show(ResourceRef ref) {
    return show(features.of(ref.kind()), ref);
  }

  private static <R extends Named> Shown show(Feature<R> feature, ResourceRef ref) {
    R stored =
        feature
            .store()
            .find(ref)
            .orElseThrow(() -> ProblemException.notFound(ref + " does not exist"));
    ObjectNode manifest = manifest(ref, feature.specOf(stored));
    return new Shown(manifest, EntityTag.of(manifest, feature.hiddenVersion(stored)));
  }

  /**
   * A page of the resources of a kind, as {@link ListQuery#read} reads the parameters.
   *
   * @param scope which tenants may be among them
   */
  @Transactional
  public Listed<ObjectNode> list(
      Kind kind,
      Optional<String> tenant,
      Scope scope,
      Map<String, List<String>> parameters,
      int limit) {
    tenant.ifPresent(name -> show(ResourceRef.ofPlatform(Kind.TENANT, name)));
    return list(features.of(kind), tenant, scope, parameters, limit);
  }

  private static <R extends Named> Listed<ObjectNode> list(
      Feature<R> feature,
      Optional<String> tenant,
      Scope scope,
      Map<String, List<String>> parameters,
      int limit) {
    List<Field> fields = new ArrayList<>(feature.listFields());
    fields.add(NAME);
    ListQuery query = ListQuery.read(parameters, fields, BY_NAME, Set.of(SEARCH), limit);
    // By name the store reads a page and no more, unless some of it may not be seen.
    boolean whole = scope instanceof Scope.Everything;
    Predicate<ObjectNode> sought = search(parameters.getOrDefault(SEARCH, List.of()));
    boolean plain = whole && query.isPlain(BY_NAME) && !parameters.containsKey(SEARCH);
    String afterName = plain ? query.after().map(List::getFirst).orElse("") : "";
    int most = plain ? limit + 1 : Integer.MAX_VALUE;
    Kind kind = feature.store().kind();
    List<ObjectNode> manifests =
        feature.store().page(tenant, afterName, most).stream()
            .filter(each -> whole || scope.holds(each.name()))
            .map(each -> manifest(new ResourceRef(kind, tenant, each.name()), feature.specOf(each)))
            .filter(sought)
            .toList();
    return MemoryList.page(manifests, manifest -> manifest, query);
  }

  /** What people type who look for something: a part of its name, or of the one it shows. */
  private static Predicate<ObjectNode> search(List<String> texts) {
    List<String> parts = texts.stream().map(text -> text.strip().toLowerCase(Locale.ROOT)).toList();
    return manifest ->
        parts.stream()
            .allMatch(part ->
                Stream.of("/metadata/name", "/spec/displayName")
                    .map(pointer -> manifest.at(pointer).asText("").toLowerCase(Locale.ROOT))
                    .anyMatch(name -> name.contains(part)));
  }

  static ObjectNode manifest(ResourceRef ref, ObjectNode spec) {
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
