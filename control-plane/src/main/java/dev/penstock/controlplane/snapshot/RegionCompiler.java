package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.StateChange;
import dev.penstock.controlplane.wire.PolicyEncoder;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles and encodes what one region gets, and remembers the last that was sound: of a state that
 * follows on that one only what differs is compiled, encoded and checked. What comes out is the
 * same either way; it depends on the state and the keys alone.
 *
 * <p>A change of what a tenant states touches its subtree. A change of the catalogue touches the
 * catalogue, and tenants only where deployments have gone to other models.
 */
final class RegionCompiler {

  private final String region;
  private final DeliveryKey deliveryKey;
  private final UnaryOperator<String> aliases;
  private volatile @Nullable Sound last;

  /** {@code aliases} names tenants that may not be in the region. */
  RegionCompiler(String region, DeliveryKey deliveryKey, UnaryOperator<String> aliases) {
    this.region = region;
    this.deliveryKey = deliveryKey;
    this.aliases = aliases;
  }

  private record Sound(
      PolicyState state, Map<Integer, byte[]> peppers, PolicyContent content, ResourceTree tree) {}

  CompiledSnapshot compile(Folds folds, Map<Integer, byte[]> peppers) {
    Sound before = last;
    if (before != null && same(before.peppers(), peppers)) {
      Optional<Sound> next = following(before, folds);
      if (next.isPresent()) {
        last = next.get();
        return new CompiledSnapshot(region, next.get().tree(), List.of());
      }
    }
    return whole(folds, peppers);
  }

  private static boolean same(Map<Integer, byte[]> one, Map<Integer, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(pepper -> Arrays.equals(pepper.getValue(), other.get(pepper.getKey())));
  }

  private CompiledSnapshot whole(Folds folds, Map<Integer, byte[]> peppers) {
    PolicyContent content = SnapshotCompiler.compile(region, folds, peppers, deliveryKey, aliases);
    List<Resource> resources = PolicyEncoder.encode(content);
    ResourceTree tree = ResourceTree.of(resources);
    List<ResourceError> errors = new ArrayList<>(SnapshotCheck.check(region, content));
    errors.addAll(SizeCheck.check(tree, resources));
    if (errors.isEmpty()) {
      last = new Sound(folds.state(), peppers, content, tree);
    }
    return new CompiledSnapshot(region, tree, errors);
  }

  /** Empty where something is wrong: then all is looked at, so that one place says what. */
  private Optional<Sound> following(Sound before, Folds folds) {
    PolicyState state = folds.state();
    StateChange change = StateChange.between(before.state(), state);
    SnapshotCompiler compiler = new SnapshotCompiler(region, folds, deliveryKey, aliases);
    Part then = new Part();
    Part now = new Part();
    concerned(before.state(), state, change)
        .forEach(tenant -> tenant(tenant, before, change, compiler, then, now));
    PolicyContent old = then.content();
    PolicyContent fresh = now.content();
    if (change.catalogue()) {
      old = old.replaced(PolicyContent.EMPTY, catalogueOf(before.content()));
      fresh = fresh.replaced(PolicyContent.EMPTY, compiler.catalogue());
    }
    PolicyContent content = before.content().replaced(old, fresh);
    Set<String> gone = PolicyEncoder.keysOf(old);
    List<Resource> put = new ArrayList<>();
    for (Resource resource : PolicyEncoder.encode(fresh)) {
      gone.remove(resource.key());
      if (!before.tree().find(resource.key()).equals(Optional.of(resource))) {
        put.add(resource);
      }
    }
    ResourceTree tree = before.tree().with(put, gone);
    return isSound(content, old, fresh) && SizeCheck.check(tree, put).isEmpty()
        ? Optional.of(new Sound(state, before.peppers(), content, tree))
        : Optional.empty();
  }

  /** A part of a content in the making. */
  private static final class Part {
    private final Map<String, PolicyContent.TenantPolicy> policies = new HashMap<>();
    private final Map<String, PolicyContent.KeyRule> keys = new HashMap<>();
    private final Map<String, Map<String, PolicyContent.RouteRule>> routes = new HashMap<>();
    private final Map<String, Map<String, Guard>> guards = new HashMap<>();

    PolicyContent content() {
      return new PolicyContent(
          policies, keys, Map.of(), Map.of(), Map.of(), Map.of(), routes, guards);
    }
  }

  /**
   * Adds what a tenant had and what it has now, as far as that may differ. Its keys show its name
   * and whether it is suspended, and nothing else of it: where both are the same a change of policy
   * leaves a hundred thousand keys alone.
   */
  private void tenant(
      String name,
      Sound before,
      StateChange change,
      SnapshotCompiler compiler,
      Part then,
      Part now) {
    TenantPolicy old = policyOf(before.content(), name);
    TenantPolicy fresh = compiler.tenant(name).orElse(null);
    if (!Objects.equals(old, fresh)) {
      add(old, then);
      add(fresh, now);
    }
    boolean looksTheSame =
        old != null
            && fresh != null
            && old.tenant().equals(fresh.tenant())
            && old.policy().suspendedBy().isPresent() == fresh.policy().suspendedBy().isPresent();
    if (!looksTheSame || change.keys().contains(name)) {
      for (StoredKey key : before.state().keysOf(name)) {
        KeyRule rule = before.content().keysById().get(key.id());
        if (rule != null) {
          then.keys.put(key.id(), rule);
        }
      }
      if (fresh != null) {
        compiler.keys(name, fresh, now.keys);
      }
    }
    if (!looksTheSame || change.routes().contains(name) || change.models()) {
      Map<String, RouteRule> stated = before.content().routes().get(name);
      if (stated != null) {
        then.routes.put(name, stated);
      }
      if (fresh != null) {
        compiler.routes(name, fresh, now.routes);
      }
    }
    if (!looksTheSame || change.guards().contains(name)) {
      Map<String, Guard> stated = before.content().guards().get(name);
      if (stated != null) {
        then.guards.put(name, stated);
      }
      if (fresh != null) {
        compiler.guards(name, fresh, now.guards);
      }
    }
  }

  private static void add(@Nullable TenantPolicy policy, Part part) {
    if (policy != null) {
      part.policies.put(policy.tenant(), policy);
    }
  }

  /** What a content has of a tenant, under whatever name. */
  private @Nullable TenantPolicy policyOf(PolicyContent content, String tenant) {
    TenantPolicy here = content.tenants().get(tenant);
    return here == null ? content.tenants().get(aliases.apply(tenant)) : here;
  }

  private boolean isSound(PolicyContent content, PolicyContent then, PolicyContent now) {
    List<ResourceError> errors = new ArrayList<>(SnapshotCheck.checkChange(region, content, now));
    if (hasCatalogue(then) || hasCatalogue(now)) {
      errors.addAll(SnapshotCheck.checkCatalogue(region, content));
    }
    if (!askable(now).containsAll(askable(then))
        || !guardNames(now).containsAll(guardNames(then))) {
      errors.addAll(SnapshotCheck.checkTenants(region, content));
    }
    return errors.isEmpty();
  }

  private static boolean hasCatalogue(PolicyContent part) {
    return !(part.models().isEmpty() && part.providers().isEmpty() && part.secrets().isEmpty());
  }

  /** The names that models and routes give. */
  private static Set<String> askable(PolicyContent part) {
    Set<String> names = new HashSet<>(part.models().keySet());
    part.routes().values().forEach(routes -> names.addAll(routes.keySet()));
    return names;
  }

  private static Set<GuardRef> guardNames(PolicyContent part) {
    return part.guards().values().stream()
        .flatMap(guards -> guards.values().stream())
        .map(guard -> new GuardRef(guard.tenant(), guard.name(), false))
        .collect(Collectors.toSet());
  }

  /** Tenants of which something may be compiled otherwise than before. */
  private static Set<String> concerned(PolicyState before, PolicyState state, StateChange change) {
    Set<String> stated = new HashSet<>(change.tenants());
    stated.addAll(change.policies());
    stated.addAll(change.budgets());
    stated.addAll(change.rateLimits());
    stated.addAll(change.guards());
    Set<String> concerned = new HashSet<>(stated); // also those that are gone
    concerned.addAll(state.tree().subtrees(stated));
    concerned.addAll(change.keys());
    concerned.addAll(change.routes());
    concerned.addAll(change.members());
    if (change.models()
        && !SnapshotCompiler.modelOf(before).equals(SnapshotCompiler.modelOf(state))) {
      concerned.addAll(state.routesByTenant().keySet());
    }
    return concerned;
  }

  private static PolicyContent catalogueOf(PolicyContent content) {
    return new PolicyContent(
        Map.of(),
        Map.of(),
        content.models(),
        content.providers(),
        content.secrets(),
        Map.of(),
        Map.of());
  }
}
