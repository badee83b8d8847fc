package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.SnapshotDelta;
import java.util.Objects;

/**
 * What changes a whole snapshot into the next, as the control plane sent it; nothing in it has been
 * believed yet.
 *
 * @param digest of the whole that comes of it
 * @param signature of the whole that comes of it
 */
record SignedDelta(long revision, byte[] digest, byte[] signature, SnapshotDelta delta) {

  SignedDelta {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(delta, "delta");
  }

  /**
   * The whole that comes of it.
   *
   * @throws IllegalArgumentException if a key occurs twice, or one to remove is not there
   */
  SignedSnapshot on(SignedSnapshot base) {
    return new SignedSnapshot(
        revision, digest, signature, base.tree().with(delta.resources(), delta.removed()));
  }

  @Override
  public String toString() {
    return "SignedDelta[revision " + revision + "]";
  }
}
