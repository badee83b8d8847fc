package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import java.util.List;
import java.util.Objects;

/** A whole snapshot as the control plane signed it; nothing in it has been believed yet. */
record SignedSnapshot(long revision, byte[] digest, byte[] signature, List<Resource> resources) {

  SignedSnapshot {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(signature, "signature");
    resources = List.copyOf(resources);
  }

  @Override
  public String toString() {
    return "SignedSnapshot[revision " + revision + "]";
  }
}
