package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.wire.PolicyEncoder;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compiles and encodes what one region gets, and remembers the last that was sound: a state that
 * differs from that one in some tenants' keys only costs those. What comes out is the same either
 * way; it depends on the state and the keys alone.
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
    Optional<Sound> change = before == null ? Optional.empty() : change(before, state, peppers);
    if (change.isPresent()) {
      last = change.get();
      return new CompiledSnapshot(region, change.get().tree(), List.of());
    }
    return whole(state, peppers);
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

  /** Empty where more than keys differs, or something is wrong: then all is looked at. */
  private Optional<Sound> change(Sound before, PolicyState state, Map<Integer, byte[]> peppers) {
    if (!same(before.peppers(), peppers)) {
      return Optional.empty();
    }
    return before
        .state()
        .differsInKeysOf(state)
        .flatMap(tenants -> withKeys(before, state, tenants));
  }

  private static boolean same(Map<Integer, byte[]> one, Map<Integer, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(pepper -> Arrays.equals(pepper.getValue(), other.get(pepper.getKey())));
  }

  private Optional<Sound> withKeys(Sound before, PolicyState state, Set<String> tenants) {
    Map<String, KeyRule> rules = new HashMap<>();
    Set<String> gone = new HashSet<>();
    List<Resource> put = new ArrayList<>();
    Set<String> removed = new HashSet<>();
    for (String tenant : tenants) {
      String here = before.content().tenants().containsKey(tenant) ? tenant : aliases.apply(tenant);
      TenantPolicy owner = before.content().tenants().get(here);
      if (owner == null) {
        return Optional.empty();
      }
      List<KeyRule> then = rules(before.state().keysOf(tenant), owner);
      List<KeyRule> now = rules(state.keysOf(tenant), owner);
      then.forEach(rule -> gone.add(rule.id()));
      now.forEach(rule -> rules.put(rule.id(), rule));
      Map<String, Resource> replaced = new HashMap<>();
      PolicyEncoder.keys(here, then).forEach(old -> replaced.put(old.key(), old));
      for (Resource resource : PolicyEncoder.keys(here, now)) {
        if (!resource.equals(replaced.remove(resource.key()))) {
          put.add(resource);
        }
      }
      removed.addAll(replaced.keySet());
    }
    PolicyContent content = before.content().with(Map.of(), rules, gone);
    ResourceTree tree = before.tree().with(put, removed);
    boolean sound =
        SnapshotCheck.checkChange(region, content, List.of(), rules.values()).isEmpty()
            && SizeCheck.check(tree, put).isEmpty();
    return sound
        ? Optional.of(new Sound(state, before.peppers(), content, tree))
        : Optional.empty();
  }

  private static List<KeyRule> rules(List<StoredKey> keys, TenantPolicy owner) {
    return keys.stream().map(key -> SnapshotCompiler.key(key, owner)).toList();
  }
}
