package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.ResourceError;
import java.util.List;

/** What became of a snapshot that was offered. */
public sealed interface SnapshotAnswer {

  long nonce();

  long revision();

  /** It is stored and in force. */
  record Accepted(long nonce, long revision, byte[] digest, long applyMicros)
      implements SnapshotAnswer {}

  /**
   * It was refused, wholly or in part.
   *
   * @param keptRevision what the node goes on serving; the snapshot's own revision if only tenants
   *     were refused, whose previous policies were kept
   */
  record Refused(long nonce, long revision, List<ResourceError> errors, long keptRevision)
      implements SnapshotAnswer {
    public Refused {
      errors = List.copyOf(errors);
    }
  }
}
