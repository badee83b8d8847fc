package dev.penstock.kernel.snapshot;

import java.util.List;
import java.util.Objects;

/**
 * What makes one snapshot's resources into another's.
 *
 * @param baseDigest digest of the resources that it changes, 32 bytes; shared, never changed
 * @param resources new ones, and new contents of old ones
 * @param removed keys that are no longer there
 */
public record SnapshotDelta(byte[] baseDigest, List<Resource> resources, List<String> removed) {

  public SnapshotDelta {
    Objects.requireNonNull(baseDigest, "baseDigest");
    resources = List.copyOf(resources);
    removed = List.copyOf(removed);
  }

  /** Bytes of keys and payloads. */
  public long bytes() {
    long bytes = 0;
    for (Resource resource : resources) {
      bytes += resource.key().length() + resource.payload().length;
    }
    for (String key : removed) {
      bytes += key.length();
    }
    return bytes;
  }
}
