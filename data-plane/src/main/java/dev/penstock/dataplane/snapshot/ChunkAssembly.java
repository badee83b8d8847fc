package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the chunks of one snapshot within the limits. A snapshot that breaks one is refused at
 * once and the rest of its chunks is ignored, so that it never fills the memory.
 */
final class ChunkAssembly {

  private @Nullable SnapshotChunk first;
  private final List<Resource> resources = new ArrayList<>();
  private final List<String> removed = new ArrayList<>();
  private long bytes;
  private int next;
  private boolean refused;

  /** What a chunk led to. */
  sealed interface Step {

    /** More chunks have to come, or this one is of no interest any more. */
    record Going() implements Step {}

    /** All have come; nothing in them has been believed yet. */
    record Complete(SnapshotChunk last, List<Resource> resources, List<String> removed)
        implements Step {
      public Complete {
        resources = List.copyOf(resources);
        removed = List.copyOf(removed);
      }
    }

    record Broken(SnapshotChunk chunk, ResourceError error) implements Step {}
  }

  Step add(SnapshotChunk chunk) {
    SnapshotChunk begun = first;
    if (begun == null || begun.nonce() != chunk.nonce()) {
      clear();
      first = chunk;
    }
    if (refused) {
      return new Step.Going();
    }
    Optional<ResourceError> error = check(chunk);
    if (error.isPresent()) {
      refused = true;
      resources.clear();
      removed.clear();
      return new Step.Broken(chunk, error.get());
    }
    resources.addAll(chunk.resources());
    removed.addAll(chunk.removed());
    next++;
    if (next < chunk.count()) {
      return new Step.Going();
    }
    Step whole = new Step.Complete(chunk, resources, removed);
    clear();
    return whole;
  }

  /** Forgets what has come, as at the end of a session. */
  void clear() {
    first = null;
    resources.clear();
    removed.clear();
    bytes = 0;
    next = 0;
    refused = false;
  }

  private Optional<ResourceError> check(SnapshotChunk chunk) {
    if (chunk.kind() == SnapshotChunk.Kind.UNKNOWN) {
      return error("", Code.UNSUPPORTED, "a kind that this build does not know (FULL, DELTA)");
    }
    boolean standsAlone = chunk.kind() == SnapshotChunk.Kind.FULL;
    if (standsAlone != (chunk.baseDigest().length == 0)
        || (standsAlone && !chunk.removed().isEmpty())) {
      return error("", Code.BAD_VALUE, "base_digest and removed_keys (expected: of a DELTA)");
    }
    SnapshotChunk begun = first;
    if (chunk.index() != next
        || chunk.count() <= chunk.index()
        || begun == null
        || begun.count() != chunk.count()
        || begun.revision() != chunk.revision()
        || begun.kind() != chunk.kind()
        || !SnapshotDigest.same(begun.baseDigest(), chunk.baseDigest())
        || !SnapshotDigest.same(begun.digest(), chunk.digest())) {
      return error(
          "",
          Code.BAD_VALUE,
          "chunk %d of %d does not follow on chunk %d"
              .formatted(chunk.index(), chunk.count(), next - 1));
    }
    for (Resource resource : chunk.resources()) {
      bytes += resource.payload().length + resource.key().length();
      if (resource.payload().length > SnapshotLimits.MAX_RESOURCE_BYTES) {
        return error(
            resource.key(),
            Code.TOO_LARGE,
            "%d bytes (expected: at most %d)"
                .formatted(resource.payload().length, SnapshotLimits.MAX_RESOURCE_BYTES));
      }
    }
    for (String key : chunk.removed()) {
      bytes += key.length();
    }
    if (bytes > SnapshotLimits.MAX_SNAPSHOT_BYTES) {
      return error(
          "",
          Code.TOO_LARGE,
          "more than %d bytes in all".formatted(SnapshotLimits.MAX_SNAPSHOT_BYTES));
    }
    if (resources.size() + chunk.resources().size() > SnapshotLimits.MAX_RESOURCES
        || removed.size() + chunk.removed().size() > SnapshotLimits.MAX_RESOURCES) {
      return error(
          "", Code.TOO_LARGE, "more than %d resources".formatted(SnapshotLimits.MAX_RESOURCES));
    }
    return Optional.empty();
  }

  private static Optional<ResourceError> error(String key, Code code, String message) {
    return Optional.of(new ResourceError(key, code, message));
  }
}
