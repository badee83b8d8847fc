package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.ResourceTree;
import java.util.Objects;

/** A whole snapshot as the control plane signed it; nothing in it has been believed yet. */
record SignedSnapshot(long revision, byte[] digest, byte[] signature, ResourceTree tree) {

  SignedSnapshot {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(tree, "tree");
  }

  @Override
  public String toString() {
    return "SignedSnapshot[revision " + revision + "]";
  }
}
