package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceTree;
import java.util.List;
import java.util.Objects;

/**
 * What a region would get; it has no revision yet.
 *
 * @param errors why nodes would refuse it; empty if they would not
 */
public record CompiledSnapshot(String region, ResourceTree tree, List<ResourceError> errors) {

  public CompiledSnapshot {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(tree, "tree");
    errors = List.copyOf(errors);
  }

  /** 32 bytes; shared, never changed. */
  public byte[] digest() {
    return tree.digest();
  }
}
