package dev.penstock.controlplane.tenant;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The tenants as a tree: one root, no cycle, not too deep. */
public final class TenantTree {

  /** Most tenants on a path from the root, both ends included. */
  public static final int MAX_LEVELS = 12;

  private final Map<String, Tenant> byName;

  public TenantTree(List<Tenant> tenants) {
    Map<String, Tenant> names = new HashMap<>();
    tenants.forEach(tenant -> names.put(tenant.name(), tenant));
    byName = Map.copyOf(names);
  }

  /** From the root down to a tenant; empty if its chain of parents leads to no root. */
  public List<Tenant> path(String name) {
    List<Tenant> path = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Tenant tenant = byName.get(name);
    while (tenant != null && seen.add(tenant.name())) {
      path.addFirst(tenant);
      if (tenant.parent().isEmpty()) {
        return List.copyOf(path);
      }
      tenant = byName.get(tenant.parent().get());
    }
    return List.of();
  }

  /** Every tenant below one, each after its parent. */
  public List<Tenant> below(String name) {
    Map<String, List<Tenant>> children = new HashMap<>();
    byName
        .values()
        .forEach(tenant ->
            tenant
                .parent()
                .ifPresent(parent ->
                    children.computeIfAbsent(parent, each -> new ArrayList<>()).add(tenant)));
    List<Tenant> found = new ArrayList<>(children.getOrDefault(name, List.of()));
    for (int i = 0; i < found.size(); i++) { // it grows while it is walked: breadth first
      found.addAll(children.getOrDefault(found.get(i).name(), List.of()));
    }
    return List.copyOf(found);
  }

  /** Tells of each tenant whose parent is wrong. */
  public void check(BiConsumer<ResourceRef, String> report) {
    List<String> roots =
        byName.values().stream()
            .filter(t -> t.parent().isEmpty())
            .map(Tenant::name)
            .sorted()
            .toList();
    for (Tenant tenant : byName.values()) {
      problemOf(tenant, roots)
          .ifPresent(
              detail -> report.accept(ResourceRef.ofPlatform(Kind.TENANT, tenant.name()), detail));
    }
  }

  private Optional<String> problemOf(Tenant tenant, List<String> roots) {
    if (tenant.parent().isEmpty()) {
      return roots.size() > 1
          ? Optional.of("is missing: there is one root tenant, not several: " + roots)
          : Optional.empty();
    }
    String parent = tenant.parent().get();
    if (!byName.containsKey(parent)) {
      return Optional.of("tenant " + parent + " does not exist");
    }
    int levels = path(tenant.name()).size();
    if (levels == 0) {
      return Optional.of("is below itself, or below one that is: the root must be reachable");
    }
    return levels > MAX_LEVELS
        ? Optional.of("would be level " + levels + " (expected: at most " + MAX_LEVELS + ")")
        : Optional.empty();
  }
}
