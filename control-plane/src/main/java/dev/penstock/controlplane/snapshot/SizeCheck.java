package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;

/** The limits that both planes know. */
final class SizeCheck {

  private SizeCheck() {}

  static List<ResourceError> check(List<Resource> resources) {
    List<ResourceError> errors = new ArrayList<>();
    long total = 0;
    for (Resource resource : resources) {
      int bytes = resource.payload().length;
      total += bytes;
      if (bytes > SnapshotLimits.MAX_RESOURCE_BYTES) {
        errors.add(tooLarge(resource.key(), bytes, SnapshotLimits.MAX_RESOURCE_BYTES, "bytes"));
      }
    }
    if (total > SnapshotLimits.MAX_SNAPSHOT_BYTES) {
      errors.add(tooLarge("", total, SnapshotLimits.MAX_SNAPSHOT_BYTES, "bytes"));
    }
    if (resources.size() > SnapshotLimits.MAX_RESOURCES) {
      errors.add(tooLarge("", resources.size(), SnapshotLimits.MAX_RESOURCES, "resources"));
    }
    return errors;
  }

  private static ResourceError tooLarge(String key, long is, long max, String unit) {
    return new ResourceError(
        key, Code.TOO_LARGE, "%d %s (expected: at most %d)".formatted(is, unit, max));
  }
}
