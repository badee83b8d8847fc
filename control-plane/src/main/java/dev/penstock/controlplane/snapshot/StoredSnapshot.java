package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import java.util.List;
import java.util.Objects;

/**
 * What the nodes of a region get at a revision. The arrays are shared, never changed.
 *
 * @param digest see {@link dev.penstock.kernel.snapshot.SnapshotDigest}
 * @param signature see {@link dev.penstock.kernel.snapshot.SnapshotSignature}
 * @param allowMassDelete whether removals of many tenants or keys are meant
 * @param rollbackOf revision whose content this one repeats; 0: none
 * @param resources sorted by key
 */
public record StoredSnapshot(
    String region,
    long revision,
    byte[] digest,
    byte[] signature,
    boolean allowMassDelete,
    long rollbackOf,
    List<Resource> resources) {

  public StoredSnapshot {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    resources = List.copyOf(resources);
  }
}
