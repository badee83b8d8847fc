package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The cursor on the disk: two places in one file, written in turn, each with its checksum. Whatever
 * happens to the one that is being written, the other one is there; and one wait for the disk is
 * enough, where a new file and its rename need three.
 *
 * <p>Used by the spool's thread only. After a failure it is to be closed and opened anew.
 */
final class CursorFile implements AutoCloseable {

  /** So far apart that no disk writes both at once. */
  private static final int SLOT_BYTES = 4096;

  private static final int SLOTS = 2;
  private static final int USED_BYTES = 3 * Long.BYTES;

  private final FileChannel channel;
  private final ByteBuffer slot = ByteBuffer.allocateDirect(USED_BYTES);
  private final CRC32C crc = new CRC32C();
  private int next;

  private CursorFile(FileChannel channel, int next) {
    this.channel = channel;
    this.next = next;
  }

  /** Opens it for writing; it is made where there is none. */
  static CursorFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.write(path, new byte[SLOTS * SLOT_BYTES]);
      SpoolFolder.forceFolderOf(path);
    }
    int newest = newestSlot(Files.readAllBytes(path));
    return new CursorFile(FileChannel.open(path, StandardOpenOption.WRITE), (newest + 1) % SLOTS);
  }

  /** What it says; empty where there is none, or none that can be believed. */
  static Optional<Cursor> read(Path path) {
    try {
      byte[] file = Files.readAllBytes(path);
      int newest = newestSlot(file);
      return newest < 0 ? Optional.empty() : slot(file, newest);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static int newestSlot(byte[] file) {
    int newest = -1;
    Cursor found = Cursor.START;
    for (int i = 0; i < SLOTS; i++) {
      Optional<Cursor> cursor = slot(file, i);
      if (cursor.isPresent() && (newest < 0 || cursor.get().isAfter(found))) {
        newest = i;
        found = cursor.get();
      }
    }
    return newest;
  }

  private static Optional<Cursor> slot(byte[] file, int index) {
    int at = index * SLOT_BYTES;
    if (file.length < at + USED_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(file, at, USED_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(file, at, 2 * Long.BYTES);
    Cursor cursor = new Cursor(bytes.getLong(), bytes.getLong());
    return bytes.getLong() == crc.getValue() + 1 && cursor.isPossible()
        ? Optional.of(cursor)
        : Optional.empty();
  }

  /** Returns once it is on the disk. */
  void write(Cursor cursor) throws IOException {
    slot.clear().putLong(cursor.acked()).putLong(cursor.sent());
    crc.reset();
    crc.update(slot.duplicate().flip());
    slot.putLong(crc.getValue() + 1).flip(); // plus one, so that zeros are no cursor
    long at = (long) next * SLOT_BYTES;
    while (slot.hasRemaining()) {
      channel.write(slot, at + slot.position());
    }
    channel.force(false);
    next = (next + 1) % SLOTS;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
