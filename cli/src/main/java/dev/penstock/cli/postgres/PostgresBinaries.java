package dev.penstock.cli.postgres;

import dev.penstock.cli.CommandFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The server's programs, unpacked from the archive on the class path into a folder. */
final class PostgresBinaries {
  private static final int OWNER_EXECUTABLE = 0100;

  private final Path home;

  private PostgresBinaries(Path home) {
    this.home = home;
  }

  /**
   * Unpacks when it has not been done yet. Two starts may do it at once: each unpacks beside the
   * place, and the first rename wins.
   */
  static PostgresBinaries unpackedIn(Path tools) {
    String archive = archiveName();
    Path home = tools.resolve(archive.replace(".txz", "-18"));
    if (!Files.exists(home)) {
      try {
        Files.createDirectories(tools);
        Path draft = Files.createTempDirectory(tools, "postgres.");
        unpack(archive, draft);
        publish(draft, home);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unpack Postgres into " + tools, e);
      }
    }
    return new PostgresBinaries(home);
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  private static String archiveName() {
    String arch =
        switch (System.getProperty("os.arch", "")) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "arm_64";
          default -> "other";
        };
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return "postgres-%s-%s.txz".formatted(os.startsWith("mac") ? "darwin" : "linux", arch);
  }

  private static void unpack(String archive, Path target) throws IOException {
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
      if (packed == null) {
        throw CommandFailure.configuration(
            "the quickstart's Postgres does not come for this machine (no %s).".formatted(archive));
      }
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpack(entry, tar, target);
        }
      }
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("an archive entry outside its folder: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, path);
    if ((entry.getMode() & OWNER_EXECUTABLE) != 0 && !path.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + path);
    }
  }

  private static void publish(Path draft, Path home) throws IOException {
    try {
      Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      dev.penstock.cli.installation.OwnerOnly.wipe(draft);
    }
  }
}
