package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How far the spool has been confirmed, and how far it may have been sent.
 *
 * <p>{@code sent} closes this race: 1. a record is sent and committed; 2. the power fails, or the
 * disk loses the record; 3. the restarted node gives the record's number to another exchange, which
 * the control plane takes for a repetition. So nothing is sent before the cursor says that it may
 * be, and numbering goes on after {@code sent} even where its records are gone.
 */
record Cursor(long acked, long sent) {

  private static final int BYTES = 3 * Long.BYTES;

  /** Reads it; empty where there is none or it cannot be believed. */
  static Optional<Cursor> read(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      if (bytes.limit() != BYTES || bytes.getLong(16) != crc(bytes)) {
        return Optional.empty();
      }
      Cursor cursor = new Cursor(bytes.getLong(0), bytes.getLong(8));
      return cursor.acked >= 0 && cursor.sent >= cursor.acked
          ? Optional.of(cursor)
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Replaces the file; either the old or the new one is there at any time. */
  void write(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(acked).putLong(sent);
    bytes.putLong(crc(bytes)).flip();
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    SpoolFolder.forceFolderOf(file);
  }

  private static long crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, 2 * Long.BYTES);
    return crc.getValue();
  }
}
