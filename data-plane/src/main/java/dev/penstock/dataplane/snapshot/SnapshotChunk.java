package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import java.util.List;
import java.util.Objects;

/**
 * A part of a snapshot on its way.
 *
 * @param kind whether the snapshot stands alone
 */
public record SnapshotChunk(
    long nonce,
    Kind kind,
    long revision,
    int index,
    int count,
    List<Resource> resources,
    byte[] digest,
    byte[] signature,
    boolean allowMassDelete) {

  /** This build takes full snapshots only. */
  public enum Kind {
    FULL,
    DELTA,
    UNKNOWN
  }

  public SnapshotChunk {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    resources = List.copyOf(resources);
  }
}
