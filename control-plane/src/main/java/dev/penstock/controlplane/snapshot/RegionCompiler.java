package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.StateChange;
import dev.penstock.controlplane.wire.PolicyEncoder;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
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

  CompiledSnapshot compile(PolicyState state, Map<Integer, byte[]> peppers) {
    Sound before = last;
    if (before != null && same(before.peppers(), peppers)) {
      Optional<Sound> next = following(before, state);
      if (next.isPresent()) {
        last = next.get();
        return new CompiledSnapshot(region, next.get().tree(), List.of());
      }
    }
    return whole(state, peppers);
  }

  private static boolean same(Map<Integer, byte[]> one, Map<Integer, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(pepper -> Arrays.equals(pepper.getValue(), other.get(pepper.getKey())));
  }

  private CompiledSnapshot whole(PolicyState state, Map<Integer, byte[]> peppers) {
    PolicyContent content = SnapshotCompiler.compile(region, state, peppers, deliveryKey, aliases);
    List<Resource> resources = PolicyEncoder.encode(content);
    ResourceTree tree = ResourceTree.of(resources);
    List<ResourceError> errors = new ArrayList<>(SnapshotCheck.check(region, content));
    errors.addAll(SizeCheck.check(tree, resources));
    if (errors.isEmpty()) {
      last = new Sound(state, peppers, content, tree);
    }
    return new CompiledSnapshot(region, tree, errors);
  }

  /** Empty where something is wrong: then all is looked at, so that one place says what. */
  private Optional<Sound> following(Sound before, PolicyState state) {
    StateChange change = StateChange.between(before.state(), state);
    SnapshotCompiler compiler = new SnapshotCompiler(region, state, deliveryKey, aliases);
    Set<String> tenants = concerned(before.state(), state, change);
    PolicyContent then = part(before.content(), before.state(), tenants);
    PolicyContent now = compiler.tenants(tenants);
    if (change.catalogue()) { // what is the same in it is encoded again, but not put again
      then = then.replaced(PolicyContent.EMPTY, catalogueOf(before.content()));
      now = now.replaced(PolicyContent.EMPTY, compiler.catalogue());
    }
    PolicyContent content = before.content().replaced(then, now);
    Map<String, Resource> gone =
        PolicyEncoder.encode(then).stream()
            .collect(Collectors.toMap(Resource::key, each -> each, (a, b) -> b, HashMap::new));
    List<Resource> put = new ArrayList<>();
    for (Resource resource : PolicyEncoder.encode(now)) {
      if (!resource.equals(gone.remove(resource.key()))) {
        put.add(resource);
      }
    }
    ResourceTree tree = before.tree().with(put, gone.keySet());
    return isSound(content, then, now) && SizeCheck.check(tree, put).isEmpty()
        ? Optional.of(new Sound(state, before.peppers(), content, tree))
        : Optional.empty();
  }

  private boolean isSound(PolicyContent content, PolicyContent then, PolicyContent now) {
    List<ResourceError> errors = new ArrayList<>(SnapshotCheck.checkChange(region, content, now));
    if (hasCatalogue(then) || hasCatalogue(now)) {
      errors.addAll(SnapshotCheck.checkCatalogue(region, content));
    }
    if (!askable(now).containsAll(askable(then))) {
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

  /** Tenants of which something may be compiled otherwise than before. */
  private static Set<String> concerned(PolicyState before, PolicyState state, StateChange change) {
    Set<String> stated = new HashSet<>(change.tenants());
    stated.addAll(change.policies());
    stated.addAll(change.budgets());
    stated.addAll(change.rateLimits());
    Set<String> concerned = new HashSet<>(stated); // also those that are gone
    concerned.addAll(state.tree().subtrees(stated));
    concerned.addAll(change.keys());
    concerned.addAll(change.routes());
    if (change.models()
        && !SnapshotCompiler.modelOf(before).equals(SnapshotCompiler.modelOf(state))) {
      concerned.addAll(state.routesByTenant().keySet());
    }
    return concerned;
  }

  /** Of a content what these tenants have in it, under whatever name. */
  private PolicyContent part(PolicyContent content, PolicyState state, Set<String> tenants) {
    Map<String, PolicyContent.TenantPolicy> policies = new HashMap<>();
    Map<String, PolicyContent.KeyRule> keys = new HashMap<>();
    Map<String, Map<String, PolicyContent.RouteRule>> routes = new HashMap<>();
    for (String tenant : tenants) {
      String here = content.tenants().containsKey(tenant) ? tenant : aliases.apply(tenant);
      PolicyContent.TenantPolicy policy = content.tenants().get(here);
      if (policy != null) {
        policies.put(here, policy);
      }
      for (StoredKey key : state.keysOf(tenant)) {
        PolicyContent.KeyRule rule = content.keysById().get(key.id());
        if (rule != null) {
          keys.put(key.id(), rule);
        }
      }
      Map<String, PolicyContent.RouteRule> stated = content.routes().get(tenant);
      if (stated != null) {
        routes.put(tenant, stated);
      }
    }
    return new PolicyContent(policies, keys, Map.of(), Map.of(), Map.of(), Map.of(), routes);
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
