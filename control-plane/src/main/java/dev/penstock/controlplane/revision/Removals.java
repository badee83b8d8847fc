package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Kind.Owner;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes resources away: one by name, or what a set of manifests covers and does not hold.
 *
 * <p>A set covers a kind of the platform if it holds one of that kind, and all that a tenant owns
 * if it holds the tenant or something of the tenant's. A tenant that goes takes along what it owns.
 */
@Singleton
class Removals {

  private final Features features;
  private final ApiKeys apiKeys;
  private final Belongings belongings;
  private final ChangeAudit audit;

  Removals(Features features, ApiKeys apiKeys, Belongings belongings, ChangeAudit audit) {
    this.features = features;
    this.apiKeys = apiKeys;
    this.belongings = belongings;
    this.audit = audit;
  }

  /** Deletes a resource, and with a tenant what belongs to it if it may. */
  List<Effect> remove(ResourceRef ref, Descent descent) {
    List<ResourceRef> all = new ArrayList<>();
    if (ref.kind() == Kind.TENANT) {
      all.addAll(belongings.of(ref));
    }
    if (descent == Descent.KEEP && !all.isEmpty()) {
      throw Belongings.refusal(ref, all);
    }
    all.add(ref);
    return all.stream().map(this::remove).toList();
  }

  /** Deletes a resource; whether something refers to it is proven over the whole state. */
  Effect remove(ResourceRef ref) {
    Touched touched = delete(features.of(ref.kind()), ref);
    if (ref.kind() == Kind.TENANT) {
      apiKeys.forgetRevoked(ref.name());
    }
    return new Effect(Change.of(ref, Change.Action.DELETED), touched);
  }

  private <R extends Named> Touched delete(Feature<R> feature, ResourceRef ref) {
    R stored =
        feature
            .store()
            .find(ref)
            .orElseThrow(() -> ProblemException.notFound(ref + " does not exist"));
    Touched touched = Touched.deleted(feature, ref, stored, audit.pathTo(ref));
    feature.store().delete(stored);
    return touched;
  }

  /** What is to go, what refers before what it refers to. */
  List<ResourceRef> leftOut(Set<ResourceRef> held) {
    Set<ResourceRef> gone =
        held.stream()
            .map(ResourceRef::kind)
            .filter(kind -> kind.owner() == Owner.PLATFORM)
            .distinct()
            .flatMap(kind -> all(kind, Optional.empty()))
            .filter(ref -> !held.contains(ref))
            .collect(Collectors.toCollection(HashSet::new));
    Set<String> tenants = held.stream().flatMap(Removals::tenantOf).collect(Collectors.toSet());
    gone.stream().flatMap(Removals::tenantOf).forEach(tenants::add);
    Arrays.stream(Kind.values())
        .filter(kind -> kind.owner() == Owner.TENANT)
        .flatMap(kind -> tenants.stream().flatMap(tenant -> all(kind, Optional.of(tenant))))
        .filter(ref -> !held.contains(ref))
        .forEach(gone::add);
    return gone.stream()
        .sorted(
            Comparator.comparing(ResourceRef::kind)
                .reversed()
                .thenComparing(ref -> ref.tenant().orElse(""))
                .thenComparing(ResourceRef::name))
        .toList();
  }

  private static Stream<String> tenantOf(ResourceRef ref) {
    return ref.kind() == Kind.TENANT ? Stream.of(ref.name()) : ref.tenant().stream();
  }

  private Stream<ResourceRef> all(Kind kind, Optional<String> tenant) {
    return refs(features.of(kind), kind, tenant);
  }

  private static <R extends Named> Stream<ResourceRef> refs(
      Feature<R> feature, Kind kind, Optional<String> tenant) {
    return feature.store().page(tenant, "", Integer.MAX_VALUE).stream()
        .map(resource -> new ResourceRef(kind, tenant, resource.name()));
  }
}
