package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.snapshot.SnapshotJudge.MassDelete;
import dev.penstock.dataplane.snapshot.SnapshotJudge.Verdict;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** A node that starts alone may take its snapshot for this much older than it is, not younger. */
  private static final long NOTE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int CLOSE_SECONDS = 5;

  private final CurrentSnapshot current;
  private final SnapshotJudge judge;
  private final DeltaJudge deltaJudge;
  private final SnapshotStore store;
  private final RevokedFile revoked; // read at the start, then worker's thread
  private final List<Rehearsal> rehearsals;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("snapshot").daemon().factory());
  private final ChunkAssembly assembly = new ChunkAssembly(); // session's thread
  private boolean revokedLost; // worker's thread, or before it starts
  private boolean noted; // worker's thread
  private long notedAt; // worker's thread
  private volatile @Nullable DeliveryKey deliveryKey;
  private @Nullable AppliedSnapshot applied; // worker's thread, or before it starts

  private SnapshotClient(
      CurrentSnapshot current,
      SnapshotJudge judge,
      DeltaJudge deltaJudge,
      SnapshotStore store,
      RevokedFile revoked,
      List<Rehearsal> rehearsals) {
    this.current = current;
    this.judge = judge;
    this.deltaJudge = deltaJudge;
    this.store = store;
    this.revoked = revoked;
    this.rehearsals = List.copyOf(rehearsals);
  }

  /**
   * Opens the client and puts the newest snapshot on the disk in force that is the control plane's
   * and passes; nothing if there is none.
   *
   * @param signedBy keys of which any may have signed a snapshot
   * @param rehearsals what each later snapshot goes through, in this order, before it is in force
   * @throws IOException if the folder cannot be used
   */
  public static SnapshotClient open(
      Path dataDir,
      String region,
      List<PublicKey> signedBy,
      ResourceReader reader,
      CurrentSnapshot current,
      List<Rehearsal> rehearsals)
      throws IOException {
    Files.createDirectories(dataDir);
    NodeKey key = NodeKey.open(dataDir.resolve("node.key"));
    SnapshotStore store = new SnapshotStore(dataDir, key);
    SnapshotJudge judge = new SnapshotJudge(region, signedBy, reader);
    SnapshotClient client =
        new SnapshotClient(
            current,
            judge,
            new DeltaJudge(region, reader, judge),
            store,
            new RevokedFile(dataDir, key),
            rehearsals);
    client.restore();
    return client;
  }

  private void restore() {
    Optional<Map<String, Long>> ahead = revoked.read();
    if (ahead.isEmpty()) {
      // Whoever lost or changed it must not have brought revoked keys back.
      LOG.error("snapshot: what was revoked cannot be read; waiting for the control plane");
      revokedLost = true;
      return;
    }
    current.revoke(ahead.get()); // those that the snapshot knows go when it comes in force
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
    deliveryKey = from.wholes().deliveryKey();
    applied = best;
    current.swap(best.serving());
    restoreFreshness(best);
    LOG.info("snapshot: revision {} from disk is in force", best.serving().revision());
  }

  private void restoreFreshness(AppliedSnapshot restored) {
    Optional<SnapshotStore.Noted> noted = store.noted();
    Freshness freshness = current.freshness();
    freshness.onRestored(noted.map(note -> age(note.currentAt())).orElse(Freshness.UNKNOWN));
    Map<String, Duration> kept = new HashMap<>();
    for (String tenant : restored.keptFrom().keySet()) {
      Instant since = noted.map(note -> note.keptSince().get(tenant)).orElse(null);
      kept.put(tenant, since == null ? Freshness.UNKNOWN : age(since));
    }
    freshness.onKeptRestored(kept);
  }

  /** A time that lies ahead is as good as none: a clock was turned back. */
  private static Duration age(Instant at) {
    Duration age = Duration.between(at, Instant.now());
    return age.isNegative() ? Freshness.UNKNOWN : age;
  }

  /**
   * The control plane has answered a heartbeat, and said what the node should have in force.
   *
   * @param heartbeatNanos when the heartbeat was sent: the answer may have been long on its way
   * @param wanted digest of that; empty from a control plane that does not say it yet
   */
  public void onPong(long heartbeatNanos, byte[] wanted) {
    ServingSnapshot serving = current.get();
    if (serving != null && (wanted.length == 0 || SnapshotDigest.same(wanted, serving.digest()))) {
      onCurrent(heartbeatNanos);
    }
  }

  /** The control plane has said that what is in force is the newest. */
  public void onUpToDate() {
    onCurrent(System.nanoTime());
  }

  /** It is noted on disk now and then. */
  private void onCurrent(long atNanos) {
    current.freshness().onCurrent(atNanos);
    worker.execute(this::noteNowAndThen);
  }

  private void noteNowAndThen() {
    if (!noted || System.nanoTime() - notedAt >= NOTE_NANOS) {
      note();
    }
  }

  private void note() {
    noted = true;
    notedAt = System.nanoTime();
    Instant now = Instant.now();
    Freshness freshness = current.freshness();
    Map<String, Instant> keptSince = new HashMap<>();
    freshness.keptFor().forEach((tenant, age) -> keptSince.put(tenant, now.minus(age)));
    try {
      store.note(new SnapshotStore.Noted(now.minus(freshness.age()), keptSince));
    } catch (IOException disk) {
      LOG.error("snapshot: cannot note how up to date it is: {}", disk);
    }
  }

  private @Nullable AppliedSnapshot replay(SnapshotStore.Stored stored) {
    DeliveryKey key = stored.wholes().deliveryKey();
    AppliedSnapshot last = null;
    for (SignedSnapshot snapshot : stored.wholes().snapshots()) {
      switch (judge.judge(snapshot, last, key, MassDelete.ALLOWED)) {
        case Verdict.Passed(AppliedSnapshot passed) -> last = passed;
        case Verdict.Failed(List<ResourceError> errors) -> {
          LOG.warn("snapshot: revision {} on disk is refused: {}", snapshot.revision(), errors);
          return null;
        }
      }
    }
    // Of the log counts what follows on this file; a part of it may be older than the file.
    for (SignedDelta delta : stored.deltas()) {
      if (deltaJudge.judge(delta, last, key, MassDelete.ALLOWED)
          instanceof Verdict.Passed(AppliedSnapshot passed)) {
        last = passed;
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
      case ChunkAssembly.Step.Complete complete -> {
        long since = System.nanoTime();
        worker.execute(() -> answers.accept(decide(complete, since)));
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
    worker.execute(this::keepRevoked);
  }

  private void keepRevoked() {
    try {
      revoked.write(current.revokedAhead());
      revokedLost = false;
    } catch (IOException disk) {
      LOG.error("snapshot: cannot keep what was revoked: {}", disk);
    }
  }

  private SnapshotAnswer decide(ChunkAssembly.Step.Complete offer, long since) {
    SnapshotChunk last = offer.last();
    try {
      return apply(offer, since);
    } catch (RuntimeException fault) {
      // A snapshot that trips our own code must not end the thread that takes the next one.
      LOG.error("snapshot: revision {} could not be judged", last.revision(), fault);
      return fault(last, "the node could not judge it: " + fault.getClass().getSimpleName());
    } catch (IOException disk) {
      LOG.error("snapshot: revision {} could not be stored: {}", last.revision(), disk);
      return fault(last, "the node could not store it");
    }
  }

  private SnapshotAnswer apply(ChunkAssembly.Step.Complete offer, long since) throws IOException {
    SnapshotChunk last = offer.last();
    DeliveryKey key = deliveryKey;
    if (key == null) {
      return fault(last, "the node has no delivery key");
    }
    Optional<SignedDelta> delta = delta(offer);
    MassDelete massDelete = last.allowMassDelete() ? MassDelete.ALLOWED : MassDelete.REFUSED;
    Verdict verdict =
        delta.isPresent()
            ? deltaJudge.judge(delta.get(), applied, key, massDelete)
            : judgeWhole(offer, key, massDelete);
    return switch (verdict) {
      case Verdict.Failed(List<ResourceError> errors) -> {
        LOG.warn("snapshot: revision {} is refused: {}", last.revision(), errors);
        yield refused(last, errors, servedRevision());
      }
      case Verdict.Passed(AppliedSnapshot passed) -> {
        rehearsals.forEach(each -> each.rehearse(current.get(), passed.serving()));
        if (delta.isPresent()) {
          store.save(passed, delta.get(), key);
        } else {
          store.save(passed, key);
        }
        yield putInForce(last, passed, since);
      }
    };
  }

  private static Optional<SignedDelta> delta(ChunkAssembly.Step.Complete offer) {
    SnapshotChunk last = offer.last();
    return switch (last.kind()) {
      case DELTA ->
          Optional.of(
              new SignedDelta(
                  last.revision(),
                  last.digest(),
                  last.signature(),
                  new SnapshotDelta(last.baseDigest(), offer.resources(), offer.removed())));
      case FULL, UNKNOWN -> Optional.empty();
    };
  }

  private Verdict judgeWhole(
      ChunkAssembly.Step.Complete offer, DeliveryKey key, MassDelete massDelete) {
    SnapshotChunk last = offer.last();
    ResourceTree tree;
    try {
      tree = ResourceTree.of(offer.resources());
    } catch (IllegalArgumentException twice) {
      return new Verdict.Failed(
          List.of(new ResourceError("", Code.DIGEST_MISMATCH, String.valueOf(twice.getMessage()))));
    }
    return judge.judge(
        new SignedSnapshot(last.revision(), last.digest(), last.signature(), tree),
        applied,
        key,
        massDelete);
  }

  private SnapshotAnswer putInForce(SnapshotChunk last, AppliedSnapshot passed, long since) {
    applied = passed;
    current.swap(passed.serving());
    if (revokedLost) {
      keepRevoked(); // the control plane has said what counts
    }
    // The control plane wanted this when it sent it, so not later than when it had come.
    current.freshness().onCurrent(since);
    boolean othersKept = !current.freshness().keptFor().keySet().equals(passed.keptFrom().keySet());
    current.freshness().onKept(passed.keptFrom().keySet());
    if (othersKept) {
      note(); // a restart must not make them younger
    } else {
      noteNowAndThen();
    }
    LOG.info("snapshot: revision {} is in force", last.revision());
    if (!passed.errors().isEmpty()) {
      LOG.warn("snapshot: tenants keep their previous rules: {}", passed.errors());
      return refused(last, passed.errors(), last.revision());
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - since);
    return new SnapshotAnswer.Accepted(last.nonce(), last.revision(), last.digest(), micros);
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

  /** Lets what is being written to the disk be finished. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("snapshot: the disk was not done within {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
