package dev.penstock.controlplane.tenant;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.kernel.snapshot.PersistentMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The tenants as a tree: one root, no cycle, not too deep. Whether it is that is told by {@link
 * #check}; until then it is only what the tenants say.
 *
 * <p>Immutable; a changed copy costs the change.
 */
public final class TenantTree {

  /** Most tenants on a path from the root, both ends included. */
  public static final int MAX_LEVELS = 12;

  /** In the place of a root's parent. */
  private static final String NONE = "";

  private final PersistentMap<String, Tenant> byName;

  /** By the parent's name, whether there is such a tenant or not. */
  private final PersistentMap<String, PersistentMap<String, Tenant>> children;

  private TenantTree(
      PersistentMap<String, Tenant> byName,
      PersistentMap<String, PersistentMap<String, Tenant>> children) {
    this.byName = byName;
    this.children = children;
  }

  public TenantTree(Collection<Tenant> tenants) {
    Map<String, Tenant> names = new HashMap<>();
    Map<String, Map<String, Tenant>> below = new HashMap<>();
    for (Tenant tenant : tenants) {
      names.put(tenant.name(), tenant);
      below.computeIfAbsent(parent(tenant), name -> new HashMap<>()).put(tenant.name(), tenant);
    }
    Map<String, PersistentMap<String, Tenant>> persistent = new HashMap<>();
    below.forEach((parent, each) -> persistent.put(parent, PersistentMap.copyOf(each)));
    byName = PersistentMap.copyOf(names);
    children = PersistentMap.copyOf(persistent);
  }

  private static String parent(Tenant tenant) {
    return tenant.parent().orElse(NONE);
  }

  /** A copy with these tenants new or in the place of old ones, and without the removed. */
  public TenantTree with(Collection<Tenant> put, Collection<String> removed) {
    Map<String, Tenant> names = new HashMap<>();
    Map<String, Map<String, Tenant>> come = new HashMap<>(); // by parent
    Map<String, Set<String>> gone = new HashMap<>(); // by parent
    for (Tenant tenant : put) {
      names.put(tenant.name(), tenant);
      come.computeIfAbsent(parent(tenant), name -> new HashMap<>()).put(tenant.name(), tenant);
    }
    Stream.concat(names.keySet().stream(), removed.stream())
        .map(byName::get)
        .filter(Objects::nonNull)
        .forEach(old -> gone.computeIfAbsent(parent(old), n -> new HashSet<>()).add(old.name()));
    Set<String> parents = new HashSet<>(come.keySet());
    parents.addAll(gone.keySet());
    Map<String, PersistentMap<String, Tenant>> changed = new HashMap<>();
    for (String parent : parents) {
      changed.put(
          parent,
          childrenOf(parent)
              .with(come.getOrDefault(parent, Map.of()), gone.getOrDefault(parent, Set.of())));
    }
    changed.values().removeIf(Map::isEmpty);
    return new TenantTree(byName.with(names, removed), children.with(changed, parents));
  }

  private PersistentMap<String, Tenant> childrenOf(String parent) {
    return children.getOrDefault(parent, PersistentMap.copyOf(Map.of()));
  }

  /** The tenants, by their names. */
  public PersistentMap<String, Tenant> byName() {
    return byName;
  }

  public Optional<Tenant> find(String name) {
    return Optional.ofNullable(byName.get(name));
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

  /** These tenants, as far as they exist, and every one below them; each name once. */
  public Set<String> subtrees(Collection<String> names) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      String name = open.removeFirst();
      if (found.add(name)) { // even a cycle ends
        open.addAll(childrenOf(name).keySet());
      }
    }
    found.removeIf(name -> !byName.containsKey(name));
    return found;
  }

  /** Tells of each tenant whose parent is wrong. */
  public void check(BiConsumer<ResourceRef, String> report) {
    check(byName.keySet(), report);
  }

  /** Tells of each of some tenants whose parent is wrong, and of roots that are too many. */
  public void check(Collection<String> names, BiConsumer<ResourceRef, String> report) {
    List<String> roots = childrenOf(NONE).keySet().stream().sorted().toList();
    Set<String> all = new LinkedHashSet<>(names);
    all.addAll(roots);
    all.stream()
        .flatMap(name -> find(name).stream())
        .forEach(tenant ->
            problemOf(tenant, roots)
                .ifPresent(detail ->
                    report.accept(ResourceRef.ofPlatform(Kind.TENANT, tenant.name()), detail)));
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
