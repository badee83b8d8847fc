package dev.penstock.controlplane.alert;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a webhook as Standard Webhooks says (github.com/standard-webhooks/standard-webhooks, spec
 * v1): HMAC-SHA-256 over {@code id.timestamp.body}, in base64 after {@code v1,}.
 */
final class AlertSignature {

  private static final String HMAC = "HmacSHA256";

  /** How libraries of Standard Webhooks write a key: the rest is base64. */
  private static final String PREFIX = "whsec_";

  private final byte[] key;

  private AlertSignature(byte[] key) {
    this.key = key;
  }

  /** {@code secret}: {@code whsec_} and base64, or any text, of which the bytes are the key. */
  static AlertSignature of(byte[] secret) {
    String text = new String(secret, StandardCharsets.UTF_8);
    if (text.startsWith(PREFIX)) {
      byte[] decoded = decoded(text.substring(PREFIX.length()));
      if (decoded.length > 0) { // there are no MACs under nothing
        return new AlertSignature(decoded);
      }
    }
    return new AlertSignature(secret.clone());
  }

  /** Nothing where it is no base64. */
  private static byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException plain) {
      return new byte[0];
    }
  }

  /** The value of the header {@code webhook-signature}. */
  String sign(String id, long timestampSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update((id + "." + timestampSeconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
    }
  }
}
