package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.snapshot.NodeKey.PrivateFiles;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.Resource;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last good snapshots on disk: {@code snapshot.bin} and the one before, encrypted, each with
 * the control plane's signature and the delivery key.
 *
 * <p>Encryption keeps secrets from whoever finds the disk. Who can edit the file can read the key
 * beside it, so what is read back is judged anew, signature first.
 */
final class SnapshotStore {

  private static final byte[] FORMAT =
      "penstock snapshot.bin 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Snapshots in one file: the newest, and older ones that some tenant's rules come from. */
  private static final int MAX_SETS = 4;

  private static final long MAX_FILE_BYTES =
      MAX_SETS * (SnapshotLimits.MAX_SNAPSHOT_BYTES + (32L << 20));

  private final Path newest;
  private final Path previous;
  private final NodeKey key;

  /** What a file holds; the snapshots oldest first. */
  record Stored(DeliveryKey deliveryKey, List<SignedSnapshot> snapshots) {}

  SnapshotStore(Path dataDir, NodeKey key) {
    newest = dataDir.resolve("snapshot.bin");
    previous = dataDir.resolve("snapshot.bin.previous");
    this.key = key;
  }

  /**
   * Stores what a snapshot was made of. A kill at any point leaves at least one whole file: the old
   * one is moved aside before the new one, complete by then, takes its name.
   */
  void save(AppliedSnapshot applied, DeliveryKey deliveryKey) throws IOException {
    byte[] content = key.lock(encode(applied, deliveryKey), FORMAT);
    Path fresh = newest.resolveSibling("snapshot.bin.fresh");
    PrivateFiles.replace(fresh, content);
    if (Files.exists(newest)) {
      Files.move(
          newest, previous, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(fresh, newest, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(newest.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** Every file that can be read, the newest first. */
  List<Stored> load() {
    return Stream.of(newest, previous)
        .map(file -> PrivateFiles.read(file, MAX_FILE_BYTES))
        .flatMap(Optional::stream)
        .map(content -> key.unlock(content, FORMAT))
        .flatMap(Optional::stream)
        .map(SnapshotStore::decode)
        .flatMap(Optional::stream)
        .toList();
  }

  private static byte[] encode(AppliedSnapshot applied, DeliveryKey deliveryKey)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    writeBytes(out, deliveryKey.encoded());
    List<SignedSnapshot> all = applied.sources();
    List<SignedSnapshot> kept = all.subList(Math.max(0, all.size() - MAX_SETS), all.size());
    out.writeInt(kept.size());
    for (SignedSnapshot snapshot : kept) {
      out.writeLong(snapshot.revision());
      writeBytes(out, snapshot.digest());
      writeBytes(out, snapshot.signature());
      out.writeInt(snapshot.resources().size());
      for (Resource resource : snapshot.resources()) {
        writeBytes(out, resource.key().getBytes(StandardCharsets.UTF_8));
        writeBytes(out, resource.payload());
      }
    }
    return bytes.toByteArray();
  }

  private static Optional<Stored> decode(byte[] content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      DeliveryKey deliveryKey = new DeliveryKey(readBytes(in));
      List<SignedSnapshot> snapshots = new ArrayList<>();
      for (int sets = in.readInt(); sets > 0; sets--) {
        long revision = in.readLong();
        byte[] digest = readBytes(in);
        byte[] signature = readBytes(in);
        List<Resource> resources = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
          resources.add(
              new Resource(new String(readBytes(in), StandardCharsets.UTF_8), readBytes(in)));
        }
        snapshots.add(new SignedSnapshot(revision, digest, signature, resources));
      }
      return snapshots.isEmpty()
          ? Optional.empty()
          : Optional.of(new Stored(deliveryKey, List.copyOf(snapshots)));
    } catch (IOException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length: " + length);
    }
    return in.readNBytes(length);
  }
}
