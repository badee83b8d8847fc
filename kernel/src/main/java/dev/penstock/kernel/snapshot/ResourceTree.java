package dev.penstock.kernel.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a snapshot under their digest: a SHA-256 Merkle tree over 4,096 buckets.
 *
 * <p>A resource's bucket is the first 12 bits of the hash of its key. A bucket's hash covers key
 * and payload hash of its resources in the order of their keys; the tree over the buckets has 12
 * levels. Leaves and nodes are told apart by a first byte, as in RFC 6962.
 *
 * <p>Immutable. A changed copy rehashes the buckets it touches and the way up from them, and shares
 * the rest; two trees are compared by the hashes of their buckets. So what a change costs does not
 * depend on how many resources there are.
 */
public final class ResourceTree {

  private static final int LEVELS = 12;
  private static final int BUCKETS = 1 << LEVELS;
  private static final Leaf[] NO_LEAVES = {};

  /** Sorted by key. */
  private final Leaf[][] buckets;

  /** From the buckets' hashes up to the root. */
  private final byte[][][] levels;

  private final int size;
  private final long bytes;

  /**
   * @param payload absent where only the hash is known, as of a state that is no longer served
   */
  private record Leaf(String key, byte[] hash, byte @Nullable [] payload) {
    int length() {
      return payload == null ? 0 : payload.length;
    }
  }

  private ResourceTree(Leaf[][] buckets, byte[][][] levels, int size, long bytes) {
    this.buckets = buckets;
    this.levels = levels;
    this.size = size;
    this.bytes = bytes;
  }

  /** The tree without resources. */
  public static ResourceTree empty() {
    Leaf[][] buckets = new Leaf[BUCKETS][];
    Arrays.fill(buckets, NO_LEAVES);
    byte[][][] levels = new byte[LEVELS + 1][][];
    MessageDigest sha256 = sha256();
    byte[] hash = bucketHash(sha256, NO_LEAVES);
    for (int level = 0; level <= LEVELS; level++) {
      levels[level] = new byte[BUCKETS >> level][];
      Arrays.fill(levels[level], hash);
      hash = nodeHash(sha256, hash, hash);
    }
    return new ResourceTree(buckets, levels, 0, 0);
  }

  /**
   * @throws IllegalArgumentException if a key occurs twice
   */
  public static ResourceTree of(Collection<Resource> resources) {
    return empty().with(resources, List.of());
  }

  /**
   * A copy with these resources new or in the place of old ones, and without the removed keys.
   *
   * @throws IllegalArgumentException if a key occurs twice, or one to remove is not there
   */
  public ResourceTree with(Collection<Resource> resources, Collection<String> removed) {
    MessageDigest sha256 = sha256();
    return changed(
        sha256,
        resources.stream()
            .map(each -> new Leaf(each.key(), sha256.digest(each.payload()), each.payload()))
            .toList(),
        removed);
  }

  /**
   * As {@link #with}, but of the new contents only the hashes are known. Such a tree has a digest
   * and can be the base of a delta; it cannot be served.
   */
  public ResourceTree withHashes(Map<String, byte[]> hashes, Collection<String> removed) {
    List<Leaf> leaves = new ArrayList<>(hashes.size());
    hashes.forEach((key, hash) -> leaves.add(new Leaf(key, hash, null)));
    return changed(sha256(), leaves, removed);
  }

  private ResourceTree changed(
      MessageDigest sha256, Collection<Leaf> put, Collection<String> removed) {
    Map<Integer, Map<String, @Nullable Leaf>> changes = new TreeMap<>();
    for (String key : removed) {
      addOnce(changes.computeIfAbsent(bucketOf(sha256, key), b -> new TreeMap<>()), key, null);
    }
    for (Leaf leaf : put) {
      int bucket = bucketOf(sha256, leaf.key());
      addOnce(changes.computeIfAbsent(bucket, b -> new TreeMap<>()), leaf.key(), leaf);
    }
    Leaf[][] newBuckets = buckets.clone();
    byte[][][] newLevels = levels.clone();
    for (int level = 0; level <= LEVELS; level++) {
      newLevels[level] = levels[level].clone();
    }
    int newSize = size;
    long newBytes = bytes;
    for (Map.Entry<Integer, Map<String, @Nullable Leaf>> change : changes.entrySet()) {
      int bucket = change.getKey();
      Leaf[] after = merged(buckets[bucket], change.getValue());
      newSize += after.length - buckets[bucket].length;
      newBytes += length(after) - length(buckets[bucket]);
      newBuckets[bucket] = after;
      newLevels[0][bucket] = bucketHash(sha256, after);
    }
    rehash(sha256, newLevels, changes.keySet());
    return new ResourceTree(newBuckets, newLevels, newSize, newBytes);
  }

  private static void addOnce(
      Map<String, @Nullable Leaf> changes, String key, @Nullable Leaf leaf) {
    if (changes.containsKey(key)) {
      throw new IllegalArgumentException("resource key twice: " + key);
    }
    changes.put(key, leaf);
  }

  private static Leaf[] merged(Leaf[] before, Map<String, @Nullable Leaf> changes) {
    Map<String, Leaf> leaves = new TreeMap<>();
    for (Leaf leaf : before) {
      leaves.put(leaf.key(), leaf);
    }
    changes.forEach((key, leaf) -> {
      if (leaf != null) {
        leaves.put(key, leaf);
      } else if (leaves.remove(key) == null) {
        throw new IllegalArgumentException("resource key to remove is not there: " + key);
      }
    });
    return leaves.values().toArray(Leaf[]::new);
  }

  private static void rehash(MessageDigest sha256, byte[][][] levels, Collection<Integer> buckets) {
    Collection<Integer> touched = buckets;
    for (int level = 1; level <= LEVELS; level++) {
      List<Integer> above = touched.stream().map(index -> index >> 1).distinct().toList();
      byte[][] below = levels[level - 1];
      for (int index : above) {
        levels[level][index] = nodeHash(sha256, below[2 * index], below[2 * index + 1]);
      }
      touched = above;
    }
  }

  /** What makes these resources into the target's. */
  public SnapshotDelta deltaTo(ResourceTree target) {
    List<Resource> put = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      if (!Arrays.equals(levels[0][bucket], target.levels[0][bucket])) {
        compare(buckets[bucket], target.buckets[bucket], put, removed);
      }
    }
    put.sort(Comparator.comparing(Resource::key));
    return new SnapshotDelta(digest(), put, removed);
  }

  /** What these resources hold of what a delta changes or removes. */
  public List<Resource> replacedBy(SnapshotDelta delta) {
    List<Resource> replaced = new ArrayList<>();
    delta.resources().forEach(resource -> find(resource.key()).ifPresent(replaced::add));
    delta.removed().forEach(key -> find(key).ifPresent(replaced::add));
    return replaced;
  }

  private static void compare(
      Leaf[] before, Leaf[] after, List<Resource> put, List<String> removed) {
    for (Leaf leaf : after) {
      Leaf old = find(before, leaf.key());
      if (old == null || !Arrays.equals(old.hash(), leaf.hash())) {
        put.add(resource(leaf));
      }
    }
    for (Leaf leaf : before) {
      if (find(after, leaf.key()) == null) {
        removed.add(leaf.key());
      }
    }
  }

  /** A resource by its key. */
  public Optional<Resource> find(String key) {
    return Optional.ofNullable(find(buckets[bucketOf(sha256(), key)], key))
        .map(ResourceTree::resource);
  }

  /** SHA-256 of a resource's payload; shared, never changed. */
  public Optional<byte[]> hash(String key) {
    return Optional.ofNullable(find(buckets[bucketOf(sha256(), key)], key)).map(Leaf::hash);
  }

  private static @Nullable Leaf find(Leaf[] bucket, String key) {
    for (Leaf leaf : bucket) {
      if (leaf.key().equals(key)) {
        return leaf;
      }
    }
    return null;
  }

  /** All resources, sorted by key. */
  public List<Resource> resources() {
    List<Resource> all = new ArrayList<>(size);
    for (Leaf[] bucket : buckets) {
      for (Leaf leaf : bucket) {
        all.add(resource(leaf));
      }
    }
    all.sort(Comparator.comparing(Resource::key));
    return List.copyOf(all);
  }

  private static Resource resource(Leaf leaf) {
    if (leaf.payload() == null) {
      throw new IllegalStateException("only the hash is known of " + leaf.key());
    }
    return new Resource(leaf.key(), leaf.payload());
  }

  /** The digest, 32 bytes; shared, never changed. */
  public byte[] digest() {
    return levels[LEVELS][0];
  }

  /** How many resources there are. */
  public int size() {
    return size;
  }

  /** Sum of the payloads. */
  public long bytes() {
    return bytes;
  }

  private static long length(Leaf[] bucket) {
    long length = 0;
    for (Leaf leaf : bucket) {
      length += leaf.length();
    }
    return length;
  }

  private static int bucketOf(MessageDigest sha256, String key) {
    byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
    return ((hash[0] & 0xFF) << 4) | ((hash[1] & 0xF0) >> 4);
  }

  private static byte[] bucketHash(MessageDigest sha256, Leaf[] bucket) {
    sha256.update((byte) 0);
    for (Leaf leaf : bucket) {
      byte[] key = leaf.key().getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(key.length).array());
      sha256.update(key);
      sha256.update(leaf.hash());
    }
    return sha256.digest();
  }

  private static byte[] nodeHash(MessageDigest sha256, byte[] left, byte[] right) {
    sha256.update((byte) 1);
    sha256.update(left);
    return sha256.digest(right);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return "ResourceTree[" + size + " resources]";
  }
}
