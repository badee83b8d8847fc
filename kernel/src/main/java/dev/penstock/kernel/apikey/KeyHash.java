package dev.penstock.kernel.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 of API keys under one version of the pepper (RFC 2104).
 *
 * <p>A key has 190 bits of entropy, so a fast keyed hash is enough; the pepper makes a stolen table
 * of hashes useless. Every exchange asks for one: hence the two digests that have taken in the
 * pepper once and are copied, where {@code javax.crypto.Mac} would take it in each time.
 */
public final class KeyHash {

  private static final String ALGORITHM = "SHA-256";
  private static final int BLOCK_BYTES = 64;
  private static final byte INNER_PAD = 0x36;
  private static final byte OUTER_PAD = 0x5C;

  /** Never changed, only copied. */
  private final MessageDigest inner;

  private final MessageDigest outer;

  /** The pepper is 32 bytes. */
  public KeyHash(byte[] pepper) {
    if (pepper.length != 32) {
      throw new IllegalArgumentException("pepper: " + pepper.length + " bytes (expected: 32)");
    }
    inner = begun(pepper, INNER_PAD);
    outer = begun(pepper, OUTER_PAD);
  }

  private static MessageDigest begun(byte[] pepper, byte pad) {
    byte[] block = new byte[BLOCK_BYTES];
    Arrays.fill(block, pad);
    for (int i = 0; i < pepper.length; i++) {
      block[i] ^= pepper[i];
    }
    try {
      MessageDigest digest = MessageDigest.getInstance(ALGORITHM);
      digest.update(block);
      return digest;
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
    }
  }

  /** The hash of a key, 32 bytes. */
  public byte[] of(ApiKey key) {
    byte[] message = copy(inner).digest(key.text().getBytes(StandardCharsets.US_ASCII));
    return copy(outer).digest(message);
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException("the platform's own digests can be copied", impossible);
    }
  }

  /** Compares in constant time. */
  public boolean matches(ApiKey key, byte[] hash) {
    return MessageDigest.isEqual(of(key), hash);
  }
}
