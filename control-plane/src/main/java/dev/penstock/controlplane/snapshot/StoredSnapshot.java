package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import java.util.List;
import java.util.Objects;

/**
 * What the nodes of a region get at a revision. The arrays are shared, never changed.
 *
 * @param digest of the tree
 * @param signature see {@link dev.penstock.kernel.snapshot.SnapshotSignature}
 * @param allowMassDelete whether removals of many tenants or keys are meant
 * @param rollbackOf revision whose content this one repeats; 0: none
 * @param bases what the revisions before held, the newest first: nodes that have one of these get a
 *     delta
 */
public record StoredSnapshot(
    String region,
    long revision,
    byte[] digest,
    byte[] signature,
    boolean allowMassDelete,
    long rollbackOf,
    ResourceTree tree,
    List<ResourceTree> bases) {

  public StoredSnapshot {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(tree, "tree");
    bases = List.copyOf(bases);
  }

  /** All resources, sorted by key. */
  public List<Resource> resources() {
    return tree.resources();
  }
}
