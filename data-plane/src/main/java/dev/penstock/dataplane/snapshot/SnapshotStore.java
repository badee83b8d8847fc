package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.disk.PrivateFiles;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last good snapshots on disk: {@code snapshot.bin} and the one before, encrypted, each with
 * the control plane's signature and the delivery key; and beside them the {@link DeltaLog}.
 *
 * <p>Encryption keeps secrets from whoever finds the disk. Who can edit the files can read the key
 * beside them, so what is read back is judged anew, signature first.
 */
final class SnapshotStore {

  private static final byte[] FORMAT =
      "penstock snapshot.bin 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] HEARD_FORMAT =
      "penstock snapshot.heard 2\n".getBytes(StandardCharsets.US_ASCII);

  private static final int MAX_HEARD_BYTES = 16 << 20;

  /** Snapshots in one file: the newest, and older ones that some tenant's rules come from. */
  private static final int MAX_SETS = 4;

  private static final long MAX_FILE_BYTES =
      MAX_SETS * (SnapshotLimits.MAX_SNAPSHOT_BYTES + (32L << 20));

  private final Path newest;
  private final Path previous;
  private final Path heard;
  private final NodeKey key;
  private final DeltaLog log;

  /** What file and log come to; absent after a start or a failed write, so that all is written. */
  private @Nullable Written written;

  private record Written(byte[] digest, byte[] deliveryKey) {}

  /** What a file holds, and what may follow on it. */
  record Stored(SnapshotCodec.Wholes wholes, List<SignedDelta> deltas) {
    Stored {
      deltas = List.copyOf(deltas);
    }
  }

  SnapshotStore(Path dataDir, NodeKey key) {
    newest = dataDir.resolve("snapshot.bin");
    previous = dataDir.resolve("snapshot.bin.previous");
    heard = dataDir.resolve("snapshot.heard");
    this.key = key;
    log = new DeltaLog(dataDir.resolve("snapshot.log"), key);
  }

  /**
   * Stores what a snapshot was made of. A kill at any point leaves at least one whole file: the old
   * one is moved aside before the new one, complete by then, takes its name.
   */
  void save(AppliedSnapshot applied, DeliveryKey deliveryKey) throws IOException {
    written = null;
    List<SignedSnapshot> all = applied.sources();
    List<SignedSnapshot> kept = all.subList(Math.max(0, all.size() - MAX_SETS), all.size());
    byte[] content =
        key.lock(SnapshotCodec.encode(new SnapshotCodec.Wholes(deliveryKey, kept)), FORMAT);
    Path fresh = newest.resolveSibling("snapshot.bin.fresh");
    PrivateFiles.replace(fresh, content);
    if (Files.exists(newest)) {
      Files.move(
          newest, previous, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(fresh, newest, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // What is left of the log, should this be the end, follows on no snapshot that is there.
    log.reset();
    try (FileChannel folder =
        FileChannel.open(newest.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
      folder.force(true);
    }
    written = new Written(applied.source().digest(), deliveryKey.encoded());
  }

  /**
   * Stores a snapshot that came of a delta: by the delta where the disk holds what it changes, else
   * as a whole.
   */
  void save(AppliedSnapshot applied, SignedDelta delta, DeliveryKey deliveryKey)
      throws IOException {
    Written base = written;
    written = null; // whatever a failure leaves there is not written on
    boolean follows =
        base != null
            && applied.keptFrom().isEmpty()
            && SnapshotDigest.same(base.digest(), delta.delta().baseDigest())
            && Arrays.equals(base.deliveryKey(), deliveryKey.encoded());
    if (follows && log.append(delta)) {
      written = new Written(applied.source().digest(), deliveryKey.encoded());
      return;
    }
    save(applied, deliveryKey);
  }

  /**
   * What is noted beside a snapshot.
   *
   * @param currentAt when it was last known to be the newest
   * @param keptSince of tenants that are served by something older, since when
   */
  record Noted(Instant currentAt, Map<String, Instant> keptSince) {
    Noted {
      keptSince = Map.copyOf(keptSince);
    }
  }

  /**
   * Notes how up to date the node is, so that one that starts without its control plane knows how
   * old its snapshot may be.
   */
  void note(Noted noted) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(noted.currentAt().toEpochMilli());
      out.writeInt(noted.keptSince().size());
      for (Map.Entry<String, Instant> kept : noted.keptSince().entrySet()) {
        out.writeUTF(kept.getKey());
        out.writeLong(kept.getValue().toEpochMilli());
      }
    }
    PrivateFiles.replace(heard, key.lock(bytes.toByteArray(), HEARD_FORMAT));
  }

  /** What was noted last; empty if nothing was, or somebody has changed it. */
  Optional<Noted> noted() {
    return PrivateFiles.read(heard, MAX_HEARD_BYTES)
        .flatMap(content -> key.unlock(content, HEARD_FORMAT))
        .flatMap(SnapshotStore::readNote);
  }

  private static Optional<Noted> readNote(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Instant currentAt = Instant.ofEpochMilli(in.readLong());
      Map<String, Instant> keptSince = new HashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        keptSince.put(in.readUTF(), Instant.ofEpochMilli(in.readLong()));
      }
      return Optional.of(new Noted(currentAt, keptSince));
    } catch (IOException cutOff) {
      return Optional.empty();
    }
  }

  /** Every file that can be read, the newest first. */
  List<Stored> load() {
    List<SignedDelta> deltas = log.read();
    return Stream.of(newest, previous)
        .map(file -> PrivateFiles.read(file, MAX_FILE_BYTES))
        .flatMap(Optional::stream)
        .map(content -> key.unlock(content, FORMAT))
        .flatMap(Optional::stream)
        .map(SnapshotCodec::decodeWholes)
        .flatMap(Optional::stream)
        .map(wholes -> new Stored(wholes, deltas))
        .toList();
  }
}
