package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a spool lives: {@code <folder>/<spool_id>/NNNN.seg}, locked for as long as it is open.
 *
 * <p>The id is made together with the folder, so a lost disk means a new id, and the same disk the
 * same one.
 */
final class SpoolFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final FileChannel lockFile;
  private final UUID spoolId;
  private final Path path;
  private long nextFile;

  private SpoolFolder(FileChannel lockFile, UUID spoolId, Path path) throws IOException {
    this.lockFile = lockFile;
    this.spoolId = spoolId;
    this.path = path;
    for (Path file : files("")) {
      nextFile = Math.max(nextFile, number(file) + 1);
    }
  }

  /**
   * @throws IOException if another process has it, or the disk cannot be used at all
   */
  static SpoolFolder open(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!isLocked(channel)) {
        throw new IOException("another process uses the spool in " + folder);
      }
      UUID id = existing(folder).orElseGet(UUID::randomUUID);
      Path path = Files.createDirectories(folder.resolve(id.toString()));
      forceFolderOf(path);
      return new SpoolFolder(channel, id, path);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  private static Optional<UUID> existing(Path folder) throws IOException {
    List<UUID> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.filter(Files::isDirectory).sorted().toList()) {
        try {
          found.add(UUID.fromString(child.getFileName().toString()));
        } catch (IllegalArgumentException somethingElse) {
          LOG.warn("spool folder holds {}, which is not a spool", child);
        }
      }
    }
    if (found.size() > 1) {
      LOG.warn("several spools in {}: going on with {}", folder, found.getFirst());
    }
    return found.stream().findFirst();
  }

  UUID spoolId() {
    return spoolId;
  }

  Path cursorFile() {
    return path.resolve("cursor");
  }

  synchronized Path newSegmentFile() {
    return path.resolve("%04d.seg".formatted(nextFile++));
  }

  List<Path> segmentFiles() throws IOException {
    return files(".seg");
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children
          .filter(file -> file.getFileName().toString().endsWith(ending))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    }
  }

  private static long number(Path file) {
    String digits = file.getFileName().toString().replaceFirst("\\..*", "");
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  /**
   * Whether the machine has not been restarted since {@link #rememberBoot}, for all one can know.
   */
  boolean isSameBoot() {
    try {
      return Files.readString(path.resolve("boot")).equals(bootId().orElse("unknown"));
    } catch (IOException none) {
      return false;
    }
  }

  void rememberBoot() throws IOException {
    Files.writeString(path.resolve("boot"), bootId().orElse(""));
  }

  private static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(BOOT_ID).strip());
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  /** Makes the creation or the renaming of a file durable. */
  static void forceFolderOf(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "folder");
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
