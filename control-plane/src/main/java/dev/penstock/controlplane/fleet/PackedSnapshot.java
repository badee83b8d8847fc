package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A snapshot cut into chunks, once for all nodes of its region; they share its bytes.
 *
 * @param revokedKeys ids of the API keys that it revokes
 */
public record PackedSnapshot(
    StoredSnapshot stored, List<List<Resource>> chunks, Set<String> revokedKeys) {

  /** What a resource takes in a message beyond key and payload, at most. */
  private static final int FRAME_BYTES = 16;

  public PackedSnapshot {
    Objects.requireNonNull(stored, "stored");
    chunks = List.copyOf(chunks);
    revokedKeys = Set.copyOf(revokedKeys);
  }

  /** Cuts: a chunk is at most {@link SnapshotLimits#CHUNK_BYTES}, or one larger resource. */
  public static PackedSnapshot of(StoredSnapshot stored, Set<String> revokedKeys) {
    List<List<Resource>> chunks = new ArrayList<>();
    List<Resource> chunk = new ArrayList<>();
    int bytes = 0;
    for (Resource resource : stored.resources()) {
      int more = resource.key().length() + resource.payload().length + FRAME_BYTES;
      if (!chunk.isEmpty() && bytes + more > SnapshotLimits.CHUNK_BYTES) {
        chunks.add(List.copyOf(chunk));
        chunk.clear();
        bytes = 0;
      }
      chunk.add(resource);
      bytes += more;
    }
    chunks.add(List.copyOf(chunk)); // an empty snapshot is one empty chunk
    return new PackedSnapshot(stored, chunks, revokedKeys);
  }

  public String region() {
    return stored.region();
  }

  public long revision() {
    return stored.revision();
  }

  /** Shared, never changed. */
  public byte[] digest() {
    return stored.digest();
  }

  @Override
  public String toString() {
    return "PackedSnapshot[%s, revision %d, %d chunks]"
        .formatted(region(), revision(), chunks.size());
  }
}
