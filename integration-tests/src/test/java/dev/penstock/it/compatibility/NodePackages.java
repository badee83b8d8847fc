package dev.penstock.it.compatibility;

import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tests' own JavaScript and the SDKs that it uses, as its lock file pins them, in a folder that
 * the next clean build removes. No package runs a script of its own.
 */
final class NodePackages {
  private static final Path SOURCES = Repository.root().resolve("integration-tests/src/test/js");
  private static final Path FOLDER = Repository.root().resolve("integration-tests/target/js");

  /** The oldest on which all of them run, though {@code openai} 7 itself asks for 22. */
  private static final int OLDEST_NODE = 20;

  private NodePackages() {}

  /** Where they are; nothing where Node, npm or a package cannot be had. */
  static Optional<Path> install() {
    if (nodeVersion() < OLDEST_NODE) {
      return Optional.empty();
    }
    copySources();
    return run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
        .filter(npm -> npm.exitCode() == 0)
        .map(npm -> FOLDER);
  }

  /** The major version; 0 where there is no Node. */
  private static int nodeVersion() {
    String version = run("node", "--version").map(Command::output).orElse("v0.");
    return Integer.parseInt(version.substring(1, version.indexOf('.')));
  }

  private static Optional<Command> run(String... command) {
    try {
      Files.createDirectories(FOLDER);
      return Optional.of(Command.run(FOLDER, Map.of(), List.of(command)));
    } catch (UncheckedIOException e) {
      return Optional.empty(); // there is no such program
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copySources() {
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = FOLDER.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
