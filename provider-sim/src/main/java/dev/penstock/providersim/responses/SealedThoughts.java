package dev.penstock.providersim.responses;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Thoughts that are handed out and taken back unreadable, and recognised as this provider's own.
 */
final class SealedThoughts {
  private static final String SEAL = "penstock-provider-sim\n";

  private SealedThoughts() {}

  static String of(String thoughts) {
    return Base64.getEncoder().encodeToString((SEAL + thoughts).getBytes(StandardCharsets.UTF_8));
  }

  static boolean areOurs(String sealed) {
    try {
      byte[] opened = Base64.getDecoder().decode(sealed);
      return new String(opened, StandardCharsets.UTF_8).startsWith(SEAL);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
