package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The two disk operations that can fail while the spool runs; tests let them fail. */
interface Disk {

  int CHUNK_BYTES = 1 << 16;

  /** The real one. */
  Disk REAL =
      new Disk() {
        @Override
        public void allocate(Path path, int bytes) throws IOException {
          fill(path, bytes);
        }

        @Override
        public void force(Segment segment, int upTo) throws IOException {
          segment.force(upTo);
        }
      };

  /**
   * Makes a file of zeros and waits until it is on the disk. Really written, so that a full disk is
   * an error here and never a fault when the mapped page is touched.
   */
  void allocate(Path path, int bytes) throws IOException;

  void force(Segment segment, int upTo) throws IOException;

  private static void fill(Path path, int bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      for (int left = bytes; left > 0; ) {
        left -= channel.write(ByteBuffer.allocate(Math.min(left, CHUNK_BYTES)));
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
    SpoolFolder.forceFolderOf(path);
  }
}
