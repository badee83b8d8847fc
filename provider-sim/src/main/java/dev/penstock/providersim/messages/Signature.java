package dev.penstock.providersim.messages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Seals thoughts, so that they come back unchanged and from here, or are refused. */
final class Signature {
  private static final String SEAL = "penstock-provider-sim\n";

  private Signature() {}

  static String of(String thinking) {
    byte[] sealed = (SEAL + thinking).getBytes(StandardCharsets.UTF_8);
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(sealed));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** Of thoughts that travel in their seal alone. */
  static String ofHidden(String thinking) {
    return Base64.getEncoder().encodeToString((SEAL + thinking).getBytes(StandardCharsets.UTF_8));
  }

  static boolean fits(String thinking, String signature) {
    return signature.equals(of(thinking)) || (thinking.isEmpty() && hides(signature));
  }

  private static boolean hides(String signature) {
    try {
      byte[] opened = Base64.getDecoder().decode(signature);
      return new String(opened, StandardCharsets.UTF_8).startsWith(SEAL);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
