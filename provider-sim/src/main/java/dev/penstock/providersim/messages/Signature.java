package dev.penstock.providersim.messages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Seals thoughts, so that they come back unchanged and from here, or are refused. */
final class Signature {
  private Signature() {}

  static String of(String thinking) {
    byte[] sealed = ("penstock-provider-sim\n" + thinking).getBytes(StandardCharsets.UTF_8);
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(sealed));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
