package dev.penstock.controlplane.secret;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes that nobody can make or try out who has not got the master key (HMAC-SHA-256). Each
 * purpose has a key of its own, so that no hash can be mistaken for one of another purpose.
 */
@Singleton
public class KeyedHashes {

  private static final String ALGORITHM = "HmacSHA256";

  private final MasterKeys masterKeys;

  KeyedHashes(MasterKeys masterKeys) {
    this.masterKeys = masterKeys;
  }

  /** Makes hashes of 32 bytes: always the same for the same first master key and purpose. */
  public UnaryOperator<byte[]> of(String purpose) {
    byte[] key = hmac(masterKeys.primary(), purpose.getBytes(StandardCharsets.UTF_8));
    return text -> hmac(key, text);
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
    }
  }
}
