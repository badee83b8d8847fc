package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A snapshot as nodes can be sent it: whole, or as a delta on one of the revisions before. Each of
 * these is made once, when the first node needs it, and shared by all nodes of the region.
 */
public final class PackedSnapshot {

  private static final String WHOLE = "";

  private final StoredSnapshot stored;
  private final PersistentMap<String, String> revokedKeys;
  private final Map<String, ResourceTree> bases = new HashMap<>();
  private final ConcurrentMap<String, Transfer> transfers = new ConcurrentHashMap<>();

  /**
   * @param revokedKeys ids of the API keys that it revokes, each with the key of its resource
   */
  PackedSnapshot(StoredSnapshot stored, PersistentMap<String, String> revokedKeys) {
    this.stored = Objects.requireNonNull(stored, "stored");
    this.revokedKeys = Objects.requireNonNull(revokedKeys, "revokedKeys");
    stored.bases().forEach(base -> bases.putIfAbsent(hex(base.digest()), base));
  }

  /** All of it. */
  Transfer whole() {
    return transfers.computeIfAbsent(
        WHOLE, none -> Transfer.whole(this, stored.tree().resources()));
  }

  /** What a node needs that has a snapshot already; all of it where that one is not known. */
  Transfer on(byte[] inForce) {
    String digest = hex(inForce);
    ResourceTree base = bases.get(digest);
    return base == null ? whole() : transfers.computeIfAbsent(digest, key -> onBase(base));
  }

  private Transfer onBase(ResourceTree base) {
    SnapshotDelta delta = base.deltaTo(stored.tree());
    return delta.bytes() < stored.tree().bytes() ? Transfer.delta(this, delta) : whole();
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  StoredSnapshot stored() {
    return stored;
  }

  /** Ids of the API keys that it revokes. */
  Set<String> revokedKeys() {
    return revokedKeys.keySet();
  }

  PersistentMap<String, String> revokedKeysByResource() {
    return revokedKeys;
  }

  public String region() {
    return stored.region();
  }

  public long revision() {
    return stored.revision();
  }

  /** Shared, never changed. */
  public byte[] digest() {
    return stored.digest();
  }

  /** Shared, never changed. */
  public byte[] signature() {
    return stored.signature();
  }

  /** Whether removals of many tenants or keys are meant. */
  public boolean allowMassDelete() {
    return stored.allowMassDelete();
  }

  /** Revision whose content this one repeats; 0: none. */
  public long rollbackOf() {
    return stored.rollbackOf();
  }

  @Override
  public String toString() {
    return "PackedSnapshot[%s, revision %d]".formatted(region(), revision());
  }
}
