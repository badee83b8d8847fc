package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.ControlPlaneConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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
    expected = sha256(token);
  }

  /** An unreadable token stops the start, not the first request. */
  void onStart(@Observes StartupEvent start) {}

  /** Hashes have one length, so the comparison tells nothing, not even the token's length. */
  boolean matches(String candidate) {
    return MessageDigest.isEqual(expected, sha256(candidate));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
