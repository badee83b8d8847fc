package dev.penstock.it.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The repository that is under test. */
public final class Repository {
  private static final String SCRIPT = "penstock";

  private Repository() {}

  /** The folder that holds the script {@code ./penstock}, from wherever the tests are started. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve(SCRIPT))) {
      folder = Objects.requireNonNull(folder.getParent(), "started outside the repository");
    }
    return folder;
  }

  /** A folder for a test's own files, which the next clean build removes. */
  public static Path scratch(String name) {
    return root().resolve("integration-tests/target/stacks").resolve(name);
  }
}
