package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.controlplane.wire.SnapshotWire;
import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps, from one snapshot to the next, which keys are revoked; only what changed is read. */
final class RevokedKeys {

  private RevokedKeys() {}

  /**
   * @param before the snapshot that was the newest; null: none is known
   */
  static PackedSnapshot pack(StoredSnapshot stored, @Nullable PackedSnapshot before) {
    if (before == null) {
      Map<String, String> revoked = SnapshotWire.revokedKeys(stored.tree().resources());
      return new PackedSnapshot(stored, PersistentMap.copyOf(revoked));
    }
    ResourceTree tree = before.stored().tree();
    SnapshotDelta delta = tree.deltaTo(stored.tree());
    Set<String> gone = SnapshotWire.revokedKeys(tree.replacedBy(delta)).keySet();
    return new PackedSnapshot(
        stored,
        before.revokedKeysByResource().with(SnapshotWire.revokedKeys(delta.resources()), gone));
  }

  /** Ids that a snapshot revokes and the one before did not; sorted. */
  static List<String> newIn(PackedSnapshot snapshot, PackedSnapshot before) {
    return snapshot
        .revokedKeysByResource()
        .keysNotSharedWith(before.revokedKeysByResource())
        .stream()
        .filter(key -> !before.revokedKeys().contains(key))
        .sorted()
        .toList();
  }
}
