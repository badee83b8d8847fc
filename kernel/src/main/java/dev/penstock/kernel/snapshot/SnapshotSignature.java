package dev.penstock.kernel.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/**
 * Ed25519 signature by which a node knows that a snapshot, from the network or from its own disk,
 * is the control plane's. It covers the region, the schema, the revision and the digest.
 */
public final class SnapshotSignature {

  /** The schema of snapshots in this build. */
  public static final int SCHEMA = 1;

  private static final String ALGORITHM = "Ed25519";

  private SnapshotSignature() {}

  /** Signs. */
  public static byte[] sign(PrivateKey key, String region, long revision, byte[] digest) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message(region, revision, digest));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 private key", e);
    }
  }

  /** Verifies; false for anything but a signature of exactly this. */
  public static boolean verify(
      PublicKey key, String region, long revision, byte[] digest, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(message(region, revision, digest));
      return signature.verify(signed);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 public key", e);
    }
  }

  private static byte[] message(String region, long revision, byte[] digest) {
    byte[] purpose = "penstock snapshot\0".getBytes(StandardCharsets.US_ASCII);
    byte[] name = region.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(
            purpose.length
                + Integer.BYTES
                + Integer.BYTES
                + name.length
                + Long.BYTES
                + digest.length)
        .put(purpose)
        .putInt(SCHEMA)
        .putInt(name.length)
        .put(name)
        .putLong(revision)
        .put(digest)
        .array();
  }
}
