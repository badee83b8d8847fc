package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.ControlPlaneConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Base64;

/** The key that wraps all others; it never leaves this process. */
@Singleton
final class MasterKey {

  private static final int BYTES = 32;

  private final byte[] key;

  MasterKey(ControlPlaneConfig config) {
    try {
      key = Base64.getDecoder().decode(Files.readString(config.masterKeyFile()).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the master key file", e);
    } catch (IllegalArgumentException notBase64) {
      // Its message would quote a part of the key.
      throw new IllegalStateException("the master key file is not base64");
    }
    if (key.length != BYTES) {
      throw new IllegalStateException(
          "the master key has " + key.length + " bytes (expected: " + BYTES + ")");
    }
  }

  byte[] bytes() {
    return key;
  }
}
