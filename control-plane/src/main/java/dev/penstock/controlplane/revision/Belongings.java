package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Kind.Owner;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.tenant.TenantLines;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes with a tenant when it is deleted. */
@Singleton
class Belongings {

  /** How many names of a kind a refusal gives. */
  private static final int NAMED = 20;

  private final Features features;
  private final TenantLines lines;

  Belongings(Features features, TenantLines lines) {
    this.features = features;
    this.lines = lines;
  }

  /**
   * Everything below a tenant and everything that it and they own, in an order in which it can be
   * deleted: what is owned first, then the tenants from the bottom up.
   */
  List<ResourceRef> of(ResourceRef tenant) {
    List<String> below = lines.below(tenant.name());
    List<String> all = new ArrayList<>(below);
    all.add(tenant.name());
    List<ResourceRef> found = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind.owner() == Owner.TENANT && features.knows(kind)) {
        found.addAll(features.of(kind).store().ownedBy(all));
      }
    }
    below.reversed().forEach(name -> found.add(ResourceRef.ofPlatform(Kind.TENANT, name)));
    return List.copyOf(found);
  }

  /** Says what would go along, and how to say that it may. */
  static ProblemException refusal(ResourceRef tenant, List<ResourceRef> belongings) {
    Map<Kind, List<String>> byKind = new LinkedHashMap<>();
    for (ResourceRef ref : belongings) {
      byKind
          .computeIfAbsent(ref.kind(), kind -> new ArrayList<>())
          .add(ref.tenant().map(owner -> owner + "/").orElse("") + ref.name());
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            "confirm",
            "%s has %d resources that would go with it; to delete them, too, send"
                    .formatted(tenant, belongings.size())
                + " ?cascade=true&confirm="
                + tenant.name()));
    byKind.forEach((kind, names) -> findings.add(new Finding(kind.path(), told(names))));
    return ProblemException.conflict(findings);
  }

  private static String told(List<String> names) {
    List<String> first = names.stream().sorted().limit(NAMED).toList();
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return names.size() + ": " + String.join(", ", first) + more;
  }
}
