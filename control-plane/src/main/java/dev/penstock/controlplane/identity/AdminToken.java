package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.digest.Sha256;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.MessageDigest;

/** The admin API's bearer token, kept as a hash. */
@Singleton
class AdminToken {

  private static final int MIN_LENGTH = 16;

  private final byte[] expected;

  AdminToken(ControlPlaneConfig config) {
    String token;
    try {
      token = Files.readString(config.adminTokenFile()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the admin token file", e);
    }
    if (token.length() < MIN_LENGTH) {
      throw new IllegalStateException(
          "the admin token has %d characters (expected: at least %d)"
              .formatted(token.length(), MIN_LENGTH));
    }
    expected = Sha256.of(token);
  }

  /** An unreadable token stops the start, not the first request. */
  void onStart(@Observes StartupEvent start) {}

  /** Hashes have one length, so the comparison tells nothing, not even the token's length. */
  boolean matches(String candidate) {
    return MessageDigest.isEqual(expected, Sha256.of(candidate));
  }
}
