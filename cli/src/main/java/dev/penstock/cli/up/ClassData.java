package dev.penstock.cli.up;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * An archive of the classes that a program loads, which its JVM maps instead of parsing jars. The
 * JVM makes it when it ends and has found none; one that is older than the jars it refuses, without
 * making another, so it is removed here.
 */
record ClassData(Path archive) {

  /** For the one process that may write the archive. */
  List<String> makeOrUse(Path jar) {
    try {
      if (Files.exists(archive) && isOlderThan(jar)) {
        Files.delete(archive);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look after " + archive, e);
    }
    return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive);
  }

  /** For the others. */
  List<String> use() {
    return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
  }

  private boolean isOlderThan(Path jar) throws IOException {
    FileTime made = Files.getLastModifiedTime(archive);
    try (Stream<Path> jars = jars(jar)) {
      for (Path each : jars.toList()) {
        if (Files.getLastModifiedTime(each).compareTo(made) > 0) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * The jar and those that its manifest names: {@code lib/} beside it, more of them for Quarkus.
   */
  private static Stream<Path> jars(Path jar) throws IOException {
    if (jar.endsWith("quarkus-run.jar")) {
      return Files.walk(jar.resolveSibling(""));
    }
    return Stream.concat(Stream.of(jar), Files.walk(jar.resolveSibling("lib")));
  }
}
