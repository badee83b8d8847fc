package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.disk.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key under which a node keeps its files from casual eyes: 32 random bytes in {@code node.key},
 * readable by the node's user only. AES-256-GCM, a random nonce for each file.
 */
final class NodeKey {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  private NodeKey(byte[] encoded) {
    key = new SecretKeySpec(encoded, "AES");
  }

  /** Reads the key, or makes one; a damaged one is replaced, and what it locked is lost. */
  static NodeKey open(Path file) throws IOException {
    Optional<byte[]> found = read(file);
    if (found.isPresent()) {
      return new NodeKey(found.get());
    }
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    PrivateFiles.replace(file, fresh);
    return new NodeKey(fresh);
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    return PrivateFiles.read(file, KEY_BYTES).filter(bytes -> bytes.length == KEY_BYTES);
  }

  byte[] lock(byte[] clear, byte[] purpose) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(clear);
      return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    }
  }

  /** Empty for anything that was not locked with this key for this purpose. */
  Optional<byte[]> unlock(byte[] locked, byte[] purpose) {
    if (locked.length < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] nonce = Arrays.copyOf(locked, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, nonce, purpose)
              .doFinal(locked, NONCE_BYTES, locked.length - NONCE_BYTES));
    } catch (GeneralSecurityException changed) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] purpose) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose);
    return cipher;
  }
}
