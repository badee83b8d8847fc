package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.List;

/** The digest of a snapshot: the root of its {@link ResourceTree}. */
public final class SnapshotDigest {

  private SnapshotDigest() {}

  /**
   * The digest, 32 bytes; the order of the resources does not matter.
   *
   * @throws IllegalArgumentException if a key occurs twice
   */
  public static byte[] of(List<Resource> resources) {
    return ResourceTree.of(resources).digest();
  }

  /** Compares two digests. */
  public static boolean same(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }
}
