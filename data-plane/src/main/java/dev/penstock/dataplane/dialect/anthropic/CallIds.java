package dev.penstock.dataplane.dialect.anthropic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Ids that tie a call to its result. The provider takes letters, digits, {@code _} and {@code -}.
 */
final class CallIds {

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final int HASH_CHARACTERS = 24;

  private CallIds() {}

  /** The id itself where it is legal, otherwise one that follows from it, for call and result. */
  static String legal(String id) {
    return LEGAL.matcher(id).matches() ? id : "toolu_" + hash(id);
  }

  private static String hash(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
