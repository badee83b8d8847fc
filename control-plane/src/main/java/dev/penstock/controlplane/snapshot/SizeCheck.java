package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;

/** The limits that both planes know. */
final class SizeCheck {

  private SizeCheck() {}

  /**
   * @param put resources of the tree that were not looked at before
   */
  static List<ResourceError> check(ResourceTree tree, List<Resource> put) {
    List<ResourceError> errors = new ArrayList<>();
    for (Resource resource : put) {
      int bytes = resource.payload().length;
      if (bytes > SnapshotLimits.MAX_RESOURCE_BYTES) {
        errors.add(tooLarge(resource.key(), bytes, SnapshotLimits.MAX_RESOURCE_BYTES, "bytes"));
      }
    }
    if (tree.bytes() > SnapshotLimits.MAX_SNAPSHOT_BYTES) {
      errors.add(tooLarge("", tree.bytes(), SnapshotLimits.MAX_SNAPSHOT_BYTES, "bytes"));
    }
    if (tree.size() > SnapshotLimits.MAX_RESOURCES) {
      errors.add(tooLarge("", tree.size(), SnapshotLimits.MAX_RESOURCES, "resources"));
    }
    return errors;
  }

  private static ResourceError tooLarge(String key, long is, long max, String unit) {
    return new ResourceError(
        key, Code.TOO_LARGE, "%d %s (expected: at most %d)".formatted(is, unit, max));
  }
}
