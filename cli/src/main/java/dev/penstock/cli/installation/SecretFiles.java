package dev.penstock.cli.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The secrets of this installation, one file each, made when they are first needed and kept so that
 * a restart has the same admin token and the same keys.
 */
public final class SecretFiles {
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;

  public SecretFiles(Installation installation) {
    this.folder = installation.secrets();
  }

  /** A file with a random secret safe in headers, shells and URLs. */
  public Path token(String name) {
    return madeOnce(name, () -> Base64.getUrlEncoder().withoutPadding().encodeToString(random()));
  }

  /** A file with 32 random bytes in plain Base64, as the control plane's key-encryption key is. */
  public Path key(String name) {
    return madeOnce(name, () -> Base64.getEncoder().encodeToString(random()));
  }

  public String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** What was stored under this name, if anything was. */
  public Optional<String> find(String name) {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  public void store(String name, String secret) {
    OwnerOnly.write(OwnerOnly.folder(folder).resolve(name), secret + "\n");
  }

  private Path madeOnce(String name, Supplier<String> secret) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      store(name, secret.get());
    }
    return file;
  }

  private static byte[] random() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
