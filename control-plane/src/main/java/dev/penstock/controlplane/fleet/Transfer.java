package dev.penstock.controlplane.fleet;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A snapshot cut into chunks for its way to nodes; nodes share its bytes.
 *
 * @param baseDigest digest of what the chunks change; empty where they stand alone
 * @param chunks at least one
 */
public record Transfer(PackedSnapshot snapshot, byte[] baseDigest, List<Chunk> chunks) {

  /** What a resource takes in a message beyond key and payload, at most. */
  private static final int FRAME_BYTES = 16;

  private static final byte[] STANDS_ALONE = {};

  /** One message's share. */
  public record Chunk(List<Resource> resources, List<String> removed) {
    public Chunk {
      resources = List.copyOf(resources);
      removed = List.copyOf(removed);
    }
  }

  public Transfer {
    Objects.requireNonNull(snapshot, "snapshot");
    Objects.requireNonNull(baseDigest, "baseDigest");
    chunks = List.copyOf(chunks);
  }

  static Transfer whole(PackedSnapshot snapshot, List<Resource> resources) {
    return new Transfer(snapshot, STANDS_ALONE, cut(resources, List.of()));
  }

  static Transfer delta(PackedSnapshot snapshot, SnapshotDelta delta) {
    return new Transfer(snapshot, delta.baseDigest(), cut(delta.resources(), delta.removed()));
  }

  public boolean isDelta() {
    return baseDigest.length > 0;
  }

  /** Cuts: a chunk is at most {@link SnapshotLimits#CHUNK_BYTES}, or one larger resource. */
  private static List<Chunk> cut(List<Resource> resources, List<String> removed) {
    List<Chunk> chunks = new ArrayList<>();
    List<Resource> put = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    int bytes = 0;
    for (Resource resource : resources) {
      int more = resource.key().length() + resource.payload().length + FRAME_BYTES;
      if (!put.isEmpty() && bytes + more > SnapshotLimits.CHUNK_BYTES) {
        chunks.add(new Chunk(put, gone));
        put.clear();
        bytes = 0;
      }
      put.add(resource);
      bytes += more;
    }
    for (String key : removed) {
      int more = key.length() + FRAME_BYTES;
      if (bytes + more > SnapshotLimits.CHUNK_BYTES) {
        chunks.add(new Chunk(put, gone));
        put.clear();
        gone.clear();
        bytes = 0;
      }
      gone.add(key);
      bytes += more;
    }
    chunks.add(new Chunk(put, gone)); // what changes nothing, or holds nothing, is one empty chunk
    return chunks;
  }

  @Override
  public String toString() {
    return "Transfer[%s, %s, %d chunks]"
        .formatted(snapshot, isDelta() ? "delta" : "whole", chunks.size());
  }
}
