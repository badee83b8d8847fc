package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.snapshot.SnapshotJudge.MassDelete;
import dev.penstock.dataplane.snapshot.SnapshotJudge.Verdict;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots from the session, has them judged, stores them and puts them in force, in this
 * order; only then they are acknowledged.
 *
 * <p>Chunks come on the session's thread. Judging takes time, so it runs on a thread of its own,
 * one snapshot after the other; that thread alone changes what is applied.
 */
public final class SnapshotClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotClient.class);

  private final CurrentSnapshot current;
  private final SnapshotJudge judge;
  private final SnapshotStore store;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("snapshot").daemon().factory());
  private final ChunkAssembly assembly = new ChunkAssembly(); // session's thread
  private volatile @Nullable DeliveryKey deliveryKey;
  private @Nullable AppliedSnapshot applied; // worker's thread, or before it starts

  private SnapshotClient(CurrentSnapshot current, SnapshotJudge judge, SnapshotStore store) {
    this.current = current;
    this.judge = judge;
    this.store = store;
  }

  /**
   * Opens the client and puts the newest snapshot on the disk in force that is the control plane's
   * and passes; nothing if there is none.
   *
   * @throws IOException if the folder cannot be used
   */
  public static SnapshotClient open(
      Path dataDir,
      String region,
      PublicKey signedBy,
      ResourceReader reader,
      CurrentSnapshot current)
      throws IOException {
    Files.createDirectories(dataDir);
    SnapshotStore store = new SnapshotStore(dataDir, NodeKey.open(dataDir.resolve("node.key")));
    SnapshotClient client =
        new SnapshotClient(current, new SnapshotJudge(region, signedBy, reader), store);
    client.restore();
    return client;
  }

  private void restore() {
    SnapshotStore.Stored from = null;
    AppliedSnapshot best = null;
    for (SnapshotStore.Stored stored : store.load()) {
      AppliedSnapshot replayed = replay(stored);
      if (replayed != null
          && (best == null || replayed.serving().revision() > best.serving().revision())) {
        best = replayed;
        from = stored;
      }
    }
    if (best == null || from == null) {
      LOG.info("snapshot: none on disk");
      return;
    }
    deliveryKey = from.deliveryKey();
    applied = best;
    current.swap(best.serving());
    LOG.info("snapshot: revision {} from disk is in force", best.serving().revision());
  }

  private @Nullable AppliedSnapshot replay(SnapshotStore.Stored stored) {
    AppliedSnapshot last = null;
    for (SignedSnapshot snapshot : stored.snapshots()) {
      switch (judge.judge(snapshot, last, stored.deliveryKey(), MassDelete.ALLOWED)) {
        case Verdict.Passed(AppliedSnapshot passed) -> last = passed;
        case Verdict.Failed(List<ResourceError> errors) -> {
          LOG.warn("snapshot: revision {} on disk is refused: {}", snapshot.revision(), errors);
          return null;
        }
      }
    }
    return last;
  }

  /** The session has been told the region's key. */
  public void onDeliveryKey(byte[] encoded) {
    deliveryKey = new DeliveryKey(encoded);
  }

  /**
   * A chunk has come; if it completes or breaks a snapshot, the answer follows on any thread, once.
   */
  public void onChunk(SnapshotChunk chunk, Consumer<SnapshotAnswer> answers) {
    switch (assembly.add(chunk)) {
      case ChunkAssembly.Step.Going going -> {}
      case ChunkAssembly.Step.Broken(SnapshotChunk broken, ResourceError error) ->
          answers.accept(refused(broken, List.of(error), servedRevision()));
      case ChunkAssembly.Step.Complete(SnapshotChunk last, SignedSnapshot snapshot) -> {
        long since = System.nanoTime();
        worker.execute(() -> answers.accept(decide(last, snapshot, since)));
      }
    }
  }

  /** The session is over: what it had begun to send will not be finished. */
  public void onDisconnected() {
    assembly.clear();
  }

  /** Keys to refuse at once. */
  public void onRevoke(long revision, Set<String> keyIds) {
    current.revoke(revision, keyIds);
  }

  private SnapshotAnswer decide(SnapshotChunk last, SignedSnapshot snapshot, long since) {
    try {
      return apply(last, snapshot, since);
    } catch (RuntimeException fault) {
      // A snapshot that trips our own code must not end the thread that takes the next one.
      LOG.error("snapshot: revision {} could not be judged", snapshot.revision(), fault);
      return fault(last, "the node could not judge it: " + fault.getClass().getSimpleName());
    } catch (IOException disk) {
      LOG.error("snapshot: revision {} could not be stored: {}", snapshot.revision(), disk);
      return fault(last, "the node could not store it");
    }
  }

  private SnapshotAnswer apply(SnapshotChunk last, SignedSnapshot snapshot, long since)
      throws IOException {
    DeliveryKey key = deliveryKey;
    if (key == null) {
      return fault(last, "the node has no delivery key");
    }
    MassDelete massDelete = last.allowMassDelete() ? MassDelete.ALLOWED : MassDelete.REFUSED;
    return switch (judge.judge(snapshot, applied, key, massDelete)) {
      case Verdict.Failed(List<ResourceError> errors) -> {
        LOG.warn("snapshot: revision {} is refused: {}", snapshot.revision(), errors);
        yield refused(last, errors, servedRevision());
      }
      case Verdict.Passed(AppliedSnapshot passed) -> {
        store.save(passed, key);
        applied = passed;
        current.swap(passed.serving());
        LOG.info("snapshot: revision {} is in force", snapshot.revision());
        if (!passed.errors().isEmpty()) {
          LOG.warn("snapshot: tenants keep their previous rules: {}", passed.errors());
          yield refused(last, passed.errors(), snapshot.revision());
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - since);
        yield new SnapshotAnswer.Accepted(
            last.nonce(), snapshot.revision(), snapshot.digest(), micros);
      }
    };
  }

  private SnapshotAnswer fault(SnapshotChunk last, String message) {
    return refused(last, List.of(new ResourceError("", Code.BAD_VALUE, message)), servedRevision());
  }

  private static SnapshotAnswer refused(
      SnapshotChunk chunk, List<ResourceError> errors, long keptRevision) {
    return new SnapshotAnswer.Refused(chunk.nonce(), chunk.revision(), errors, keptRevision);
  }

  private long servedRevision() {
    ServingSnapshot serving = current.get();
    return serving == null ? 0 : serving.revision();
  }

  @Override
  public void close() {
    worker.shutdown();
  }
}
