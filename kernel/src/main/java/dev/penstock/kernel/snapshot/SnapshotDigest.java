package dev.penstock.kernel.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The digest of a snapshot: a SHA-256 Merkle root over 4,096 buckets of resources.
 *
 * <p>A resource's bucket is the first 12 bits of the hash of its key. A bucket's hash covers key
 * and payload hash of its resources in the order of their keys; the tree over the buckets has 12
 * levels. Leaves and nodes are told apart by a first byte, as in RFC 6962. So a later delta can
 * rehash the buckets it touches and nothing else.
 */
public final class SnapshotDigest {

  private static final int LEVELS = 12;
  private static final int BUCKETS = 1 << LEVELS;

  private SnapshotDigest() {}

  /**
   * The digest, 32 bytes; the order of the resources does not matter.
   *
   * @throws IllegalArgumentException if a key occurs twice
   */
  public static byte[] of(List<Resource> resources) {
    MessageDigest sha256 = sha256();
    List<List<Resource>> buckets = new ArrayList<>(BUCKETS);
    for (int i = 0; i < BUCKETS; i++) {
      buckets.add(List.of());
    }
    for (Resource resource : resources) {
      int index = bucketOf(sha256, resource.key());
      List<Resource> bucket = buckets.get(index);
      if (bucket.isEmpty()) {
        bucket = new ArrayList<>(2);
        buckets.set(index, bucket);
      }
      bucket.add(resource);
    }
    byte[][] level = new byte[BUCKETS][];
    byte[] empty = bucketHash(sha256, List.of());
    for (int i = 0; i < BUCKETS; i++) {
      List<Resource> bucket = buckets.get(i);
      level[i] = bucket.isEmpty() ? empty : bucketHash(sha256, bucket);
    }
    while (level.length > 1) {
      byte[][] above = new byte[level.length / 2][];
      for (int i = 0; i < above.length; i++) {
        sha256.update((byte) 1);
        sha256.update(level[2 * i]);
        above[i] = sha256.digest(level[2 * i + 1]);
      }
      level = above;
    }
    return level[0];
  }

  private static int bucketOf(MessageDigest sha256, String key) {
    byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
    return ((hash[0] & 0xFF) << 4) | ((hash[1] & 0xF0) >> 4);
  }

  private static byte[] bucketHash(MessageDigest sha256, List<Resource> bucket) {
    List<Resource> sorted = new ArrayList<>(bucket);
    sorted.sort(Comparator.comparing(Resource::key));
    List<byte[]> payloadHashes = new ArrayList<>(sorted.size());
    String previous = null;
    for (Resource resource : sorted) {
      if (resource.key().equals(previous)) {
        throw new IllegalArgumentException("resource key twice: " + resource.key());
      }
      previous = resource.key();
      payloadHashes.add(sha256.digest(resource.payload()));
    }
    sha256.update((byte) 0);
    for (int i = 0; i < sorted.size(); i++) {
      byte[] key = sorted.get(i).key().getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(key.length).array());
      sha256.update(key);
      sha256.update(payloadHashes.get(i));
    }
    return sha256.digest();
  }

  /** Compares two digests. */
  public static boolean same(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
