package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.snapshot.Replaced;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.controlplane.wire.SnapshotWire;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the newest snapshot lets in no more, and some earlier one did that nodes may have while a
 * rollout holds them. That is any since its base: a node that has a rollout which another has taken
 * the place of stands between the two. No snapshot names it, so it is told by itself.
 *
 * @param accounts hashes of service accounts
 * @param keyEnds when API keys end, by their ids, which some snapshot lets live longer;
 *     milliseconds of the epoch
 */
record TakenAway(Set<String> accounts, Map<String, Long> keyEnds) {

  static final TakenAway NOTHING = new TakenAway(Set.of(), Map.of());

  TakenAway {
    accounts = Set.copyOf(accounts);
    keyEnds = Map.copyOf(keyEnds);
  }

  /** What is to be refused at a time: ids of keys and hashes of service accounts. */
  Set<String> refused(Instant now) {
    Set<String> refused = new HashSet<>(accounts);
    keyEnds.forEach((id, end) -> {
      if (end <= now.toEpochMilli()) {
        refused.add(id);
      }
    });
    return refused;
  }

  /**
   * The same at a later snapshot. From the rows of the store, so that it is no other after a start.
   *
   * @param after the revision up to which this holds
   */
  TakenAway at(SnapshotStore store, long after, StoredSnapshot newest) {
    Since since = new Since();
    store.replaced(newest.region(), after, newest.revision(), since::add);
    Set<Resource> now = since.now(newest.tree());
    Set<String> lost = new HashSet<>(accounts);
    lost.addAll(since.accounts);
    // An account is let in by its own tenant's policy and no other: what has not changed, has not.
    lost.removeAll(SnapshotWire.serviceAccounts(now));
    return new TakenAway(lost, ends(since, SnapshotWire.keyEnds(now)));
  }

  private Map<String, Long> ends(Since since, Map<String, Long> now) {
    Map<String, Long> ends = new HashMap<>(keyEnds);
    ends.replaceAll((id, end) -> now.getOrDefault(id, end));
    now.forEach((id, end) -> {
      if (end < since.keyEnds.getOrDefault(id, 0L)) {
        ends.put(id, end);
      }
    });
    return ends;
  }

  /** All that was let in since. */
  private static final class Since {

    private final Set<String> changed = new HashSet<>();
    private final Set<String> accounts = new HashSet<>();
    private final Map<String, Long> keyEnds = new HashMap<>();

    void add(Replaced replaced) {
      changed.add(replaced.key());
      Set<Resource> before = new HashSet<>();
      replaced.payload().ifPresent(payload -> before.add(new Resource(replaced.key(), payload)));
      accounts.addAll(SnapshotWire.serviceAccounts(before));
      SnapshotWire.keyEnds(before).forEach((id, end) -> keyEnds.merge(id, end, Math::max));
    }

    /** What has become of it. */
    Set<Resource> now(ResourceTree newest) {
      Set<Resource> now = new HashSet<>();
      changed.forEach(key -> newest.find(key).ifPresent(now::add));
      return now;
    }
  }
}
