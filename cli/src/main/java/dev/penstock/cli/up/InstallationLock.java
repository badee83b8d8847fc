package dev.penstock.cli.up;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Only one {@code up} per state folder. The operating system drops the lock when its holder ends,
 * however it ends, so a lock is never stale; the process id in the file is for people and scripts.
 */
final class InstallationLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private InstallationLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static InstallationLock acquire(Installation installation) {
    OwnerOnly.folder(installation.state());
    Path file = installation.pidFile();
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw CommandFailure.failed(
            "an installation runs already from %s (process %s). Stop it with Ctrl-C there or kill %s, or set PENSTOCK_STATE_DIR for a second one."
                .formatted(installation.state(), pid(file), pid(file)));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new InstallationLock(file, channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + file, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held in this very JVM
    }
  }

  private static String pid(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** Emptied, not removed: a removed file could be locked by one and made anew by another. */
  @Override
  public void close() {
    try {
      if (channel.isOpen()) {
        channel.truncate(0);
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unlock " + file, e);
    }
  }
}
