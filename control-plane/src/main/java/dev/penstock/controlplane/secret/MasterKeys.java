package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.ControlPlaneConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The keys that wrap all others; they never leave this process. The first wraps, the others only
 * open what they have wrapped, until it has been wrapped anew.
 */
@Singleton
final class MasterKeys {

  private static final int BYTES = 32;
  private static final int MOST = 8;

  private final List<byte[]> keys;

  /** One key a line, base64, from the file or the variable: exactly one of both is set. */
  @Inject
  MasterKeys(ControlPlaneConfig config) {
    this(text(config.masterKeyFile(), config.masterKey()).lines().toList());
  }

  MasterKeys(List<String> lines) {
    keys =
        lines.stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(MasterKeys::key)
            .toList();
    if (keys.isEmpty() || keys.size() > MOST) {
      throw new IllegalStateException(
          keys.size() + " master keys (expected: 1 to " + MOST + ", one a line)");
    }
  }

  private static String text(Optional<Path> file, Optional<String> value) {
    if (file.isPresent() == value.isPresent()) {
      throw new IllegalStateException("set either PENSTOCK_MASTER_KEY_FILE or PENSTOCK_MASTER_KEY");
    }
    try {
      return file.isPresent() ? Files.readString(file.get()) : value.orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the master key file", e);
    }
  }

  private static byte[] key(String line) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException notBase64) {
      // Its message would quote a part of the key.
      throw new IllegalStateException("a master key is not base64");
    }
    if (key.length != BYTES) {
      throw new IllegalStateException(
          "a master key has " + key.length + " bytes (expected: " + BYTES + ")");
    }
    return key;
  }

  /** The key that wraps. */
  byte[] primary() {
    return keys.getFirst();
  }

  /** All of them, the primary first. */
  List<byte[]> all() {
    return keys;
  }
}
