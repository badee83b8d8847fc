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
  private long bytes;
  private int next;
  private boolean refused;

  /** What a chunk led to. */
  sealed interface Step {

    /** More chunks have to come, or this one is of no interest any more. */
    record Going() implements Step {}

    record Complete(SnapshotChunk last, SignedSnapshot snapshot) implements Step {}

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
      return new Step.Broken(chunk, error.get());
    }
    resources.addAll(chunk.resources());
    next++;
    if (next < chunk.count()) {
      return new Step.Going();
    }
    SignedSnapshot whole =
        new SignedSnapshot(chunk.revision(), chunk.digest(), chunk.signature(), resources);
    clear();
    return new Step.Complete(chunk, whole);
  }

  /** Forgets what has come, as at the end of a session. */
  void clear() {
    first = null;
    resources.clear();
    bytes = 0;
    next = 0;
    refused = false;
  }

  private Optional<ResourceError> check(SnapshotChunk chunk) {
    if (chunk.kind() != SnapshotChunk.Kind.FULL) {
      return error("", Code.UNSUPPORTED, "kind " + chunk.kind() + " (this build takes FULL)");
    }
    SnapshotChunk begun = first;
    if (chunk.index() != next
        || chunk.count() <= chunk.index()
        || begun == null
        || begun.count() != chunk.count()
        || begun.revision() != chunk.revision()
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
    if (bytes > SnapshotLimits.MAX_SNAPSHOT_BYTES) {
      return error(
          "",
          Code.TOO_LARGE,
          "more than %d bytes in all".formatted(SnapshotLimits.MAX_SNAPSHOT_BYTES));
    }
    if (resources.size() + chunk.resources().size() > SnapshotLimits.MAX_RESOURCES) {
      return error(
          "", Code.TOO_LARGE, "more than %d resources".formatted(SnapshotLimits.MAX_RESOURCES));
    }
    return Optional.empty();
  }

  private static Optional<ResourceError> error(String key, Code code, String message) {
    return Optional.of(new ResourceError(key, code, message));
  }
}
