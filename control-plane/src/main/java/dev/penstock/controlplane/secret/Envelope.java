package dev.penstock.controlplane.secret;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM envelope: every value has a data key of its own, which the master key wraps. Both are
 * bound to the name under which they stand, so that a row copied over another one does not open.
 */
@Singleton
class Envelope {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final MasterKey masterKey;
  private final SecureRandom random = new SecureRandom();

  Envelope(MasterKey masterKey) {
    this.masterKey = masterKey;
  }

  /** What is stored of a value. */
  record Sealed(byte[] wrappedKey, byte[] value) {}

  Sealed seal(String name, byte[] value) {
    byte[] dataKey = new byte[KEY_BYTES];
    random.nextBytes(dataKey);
    try {
      return new Sealed(encrypt(masterKey.bytes(), name, dataKey), encrypt(dataKey, name, value));
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  byte[] open(String name, Sealed sealed) {
    byte[] dataKey = decrypt(masterKey.bytes(), name, sealed.wrappedKey());
    try {
      return decrypt(dataKey, name, sealed.value());
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  private byte[] encrypt(byte[] key, String name, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, name, nonce).doFinal(plain);
      byte[] result = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, result, NONCE_BYTES, sealed.length);
      return result;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    }
  }

  private static byte[] decrypt(byte[] key, String name, byte[] sealed) {
    try {
      byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
      return cipher(Cipher.DECRYPT_MODE, key, name, nonce)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException changed) {
      throw new IllegalStateException(
          name.replace('|', '/') + " does not open: another master key, or the row was changed",
          changed);
    }
  }

  private static Cipher cipher(int mode, byte[] key, String name, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
