package dev.penstock.kernel.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key with which one region's secrets are sealed inside snapshots (AES-256-GCM).
 *
 * <p>Snapshots are stored and compared by hash, so sealing has to give the same bytes for the same
 * value. The nonce is therefore an HMAC of name and value: two different values never share one,
 * and equal ones produce equal ciphertext, which tells nothing that an unchanged version number
 * does not.
 */
public final class DeliveryKey {

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private final byte[] encoded;
  private final SecretKey encryption;
  private final SecretKey nonces;

  /** Takes the 32 bytes that the control plane sends in its Welcome. */
  public DeliveryKey(byte[] encoded) {
    if (encoded.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "delivery key: " + encoded.length + " bytes (expected: " + KEY_BYTES + ")");
    }
    this.encoded = encoded.clone();
    encryption = derive(encoded, "encryption", "AES");
    nonces = derive(encoded, "nonces", "HmacSHA256");
  }

  /**
   * The key of a region, derived from the installation's master key; nodes never see the latter.
   */
  public static DeliveryKey ofRegion(byte[] masterKey, String region) {
    return new DeliveryKey(derive(masterKey, "delivery " + region, "Generic").getEncoded());
  }

  /** Seals a value under a name that the reader must know, too. */
  public byte[] seal(String name, byte[] value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(nonces);
      mac.update(name.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      byte[] nonce = Arrays.copyOf(mac.doFinal(value), NONCE_BYTES);
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(value);
      byte[] result = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, result, NONCE_BYTES, sealed.length);
      return result;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM and HMAC", impossible);
    }
  }

  /**
   * Opens a sealed value.
   *
   * @throws IllegalArgumentException if it was sealed with another key or name, or was changed
   */
  public byte[] open(String name, byte[] sealed) {
    if (sealed.length < NONCE_BYTES) {
      throw new IllegalArgumentException("sealed value of " + name + ": too short");
    }
    byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, name, nonce)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (AEADBadTagException changed) {
      throw new IllegalArgumentException(
          "sealed value of " + name + ": wrong key or changed", changed);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    }
  }

  /** The 32 bytes to send or to store under another key. */
  public byte[] encoded() {
    return encoded.clone();
  }

  private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, encryption, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static SecretKey derive(byte[] key, String purpose, String algorithm) {
    try {
      byte[] info = ("penstock " + purpose).getBytes(StandardCharsets.UTF_8);
      byte[] bytes =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, KEY_BYTES));
      return new SecretKeySpec(bytes, algorithm);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Java 24 and newer have HKDF", impossible);
    }
  }
}
