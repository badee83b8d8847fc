package dev.penstock.dataplane.dialect;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Ids of tool calls that another dialect's rules do not allow, made into ones that they do. The
 * same id gives the same every time, so that a call and its result still meet, in this request and
 * in the next, without anything being kept.
 */
public final class CallIds {

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
  private static final int MAX_LENGTH = 40; // what a SHA-256 surely fills in base 62

  private CallIds() {}

  /** {@code length} letters and digits, 40 at most, that stand for an id. */
  public static String standIn(String id, int length) {
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("length: " + length + " (expected: <= 40)");
    }
    BigInteger rest = new BigInteger(1, sha256(id));
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      BigInteger[] divided = rest.divideAndRemainder(BASE);
      text.append(DIGITS.charAt(divided[1].intValue()));
      rest = divided[0];
    }
    return text.toString();
  }

  private static byte[] sha256(String id) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
