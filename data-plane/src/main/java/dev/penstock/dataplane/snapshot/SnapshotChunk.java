package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import java.util.List;
import java.util.Objects;

/**
 * A part of a snapshot on its way.
 *
 * @param kind whether the snapshot stands alone
 * @param baseDigest digest of the snapshot that a delta changes; empty for a full one
 * @param removed keys that a delta takes away
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
    boolean allowMassDelete,
    byte[] baseDigest,
    List<String> removed) {

  /** Whether a snapshot stands alone. */
  public enum Kind {
    FULL,
    DELTA,
    UNKNOWN
  }

  public SnapshotChunk {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(baseDigest, "baseDigest");
    resources = List.copyOf(resources);
    removed = List.copyOf(removed);
  }

  /** A part of a snapshot that stands alone. */
  public SnapshotChunk(
      long nonce,
      Kind kind,
      long revision,
      int index,
      int count,
      List<Resource> resources,
      byte[] digest,
      byte[] signature,
      boolean allowMassDelete) {
    this(
        nonce,
        kind,
        revision,
        index,
        count,
        resources,
        digest,
        signature,
        allowMassDelete,
        new byte[0],
        List.of());
  }
}
