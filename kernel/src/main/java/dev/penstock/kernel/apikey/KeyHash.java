package dev.penstock.kernel.apikey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 of API keys under one version of the pepper.
 *
 * <p>A key has 190 bits of entropy, so a fast keyed hash is enough; the pepper makes a stolen table
 * of hashes useless. Not safe for use by several threads at once: each owner makes its own.
 */
public final class KeyHash {

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;

  /** The pepper is 32 bytes. */
  public KeyHash(byte[] pepper) {
    if (pepper.length != 32) {
      throw new IllegalArgumentException("pepper: " + pepper.length + " bytes (expected: 32)");
    }
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(pepper, ALGORITHM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
    }
  }

  /** The hash of a key, 32 bytes. */
  public byte[] of(ApiKey key) {
    return mac.doFinal(key.text().getBytes(StandardCharsets.US_ASCII));
  }

  /** Compares in constant time. */
  public boolean matches(ApiKey key, byte[] hash) {
    return MessageDigest.isEqual(of(key), hash);
  }
}
