package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.disk.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The deltas that came after the snapshot in {@code snapshot.bin}, one locked entry after the other
 * in {@code snapshot.log}: a small change is a small write.
 *
 * <p>An entry that was cut or changed ends what is read, so a kill while one is being written loses
 * that one, which has not been acknowledged.
 */
final class DeltaLog {

  /** Bytes after which the whole snapshot is written anew instead. */
  static final int MAX_BYTES = 8 * 1024 * 1024;

  /** Entries after which the whole snapshot is written anew instead. */
  static final int MAX_ENTRIES = 256;

  private static final byte[] FORMAT =
      "penstock snapshot.log 1\n".getBytes(StandardCharsets.US_ASCII);

  private final Path file;
  private final NodeKey key;
  private long bytes;
  private int entries;

  DeltaLog(Path file, NodeKey key) {
    this.file = file;
    this.key = key;
  }

  /** Adds an entry and waits for the disk; false if it has no room. */
  boolean append(SignedDelta delta) throws IOException {
    byte[] locked = key.lock(SnapshotCodec.encode(delta), FORMAT);
    if (entries == MAX_ENTRIES || bytes + Integer.BYTES + locked.length > MAX_BYTES) {
      return false;
    }
    ByteBuffer entry =
        ByteBuffer.allocate(Integer.BYTES + locked.length).putInt(locked.length).put(locked).flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (entry.hasRemaining()) {
        channel.write(entry);
      }
      channel.force(true);
    }
    bytes += entry.limit();
    entries++;
    return true;
  }

  /** Empties it: the whole snapshot has just been written. */
  void reset() throws IOException {
    Files.deleteIfExists(file);
    bytes = 0;
    entries = 0;
  }

  /** The entries up to the first that is not whole. */
  List<SignedDelta> read() {
    List<SignedDelta> deltas = new ArrayList<>();
    ByteBuffer content = ByteBuffer.wrap(PrivateFiles.read(file, MAX_BYTES).orElse(new byte[0]));
    while (content.remaining() >= Integer.BYTES) {
      int length = content.getInt();
      if (length < 0 || length > content.remaining()) {
        return deltas;
      }
      byte[] locked = new byte[length];
      content.get(locked);
      Optional<SignedDelta> delta = key.unlock(locked, FORMAT).flatMap(SnapshotCodec::decodeDelta);
      if (delta.isEmpty()) {
        return deltas;
      }
      deltas.add(delta.get());
    }
    return deltas;
  }
}
