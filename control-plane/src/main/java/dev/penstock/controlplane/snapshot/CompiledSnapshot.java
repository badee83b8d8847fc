package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import java.util.List;

/**
 * What a region would get; it has no revision yet.
 *
 * @param errors why nodes would refuse it; empty if they would not
 */
public record CompiledSnapshot(
    String region, byte[] digest, List<Resource> resources, List<ResourceError> errors) {

  public CompiledSnapshot {
    resources = List.copyOf(resources);
    errors = List.copyOf(errors);
  }
}
