package dev.penstock.controlplane.wire;

import java.util.Collection;
import java.util.UUID;

/**
 * What a node may send: a text of a certain length, a number in a certain range. Whatever is beyond
 * throws {@link IllegalArgumentException} with the name of the field and never its value.
 */
final class Limits {

  static final int NAME = 256;
  static final int SENTENCE = 2048;

  /** A million USD for one request; sums of a batch stay far from overflow. */
  static final long COST = 1_000_000_000_000_000L;

  static final long TOKENS = 1_000_000_000_000L;

  /** About four months. */
  static final long MICROS = 10_000_000_000_000L;

  private static final int UUID_LENGTH = 36;

  private Limits() {}

  static String text(String field, String text, int longest) {
    if (text.length() > longest) {
      throw new IllegalArgumentException(
          "%s: %d characters (expected: at most %d)".formatted(field, text.length(), longest));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(field + ": holds a NUL character");
    }
    return text;
  }

  static String name(String field, String text) {
    return text(field, text, NAME);
  }

  static long number(String field, long value, long greatest) {
    if (value < 0 || value > greatest) {
      throw new IllegalArgumentException(
          "%s: %d (expected: 0 to %d)".formatted(field, value, greatest));
    }
    return value;
  }

  static void count(String field, Collection<?> values, int most) {
    if (values.size() > most) {
      throw new IllegalArgumentException(
          "%s: %d entries (expected: at most %d)".formatted(field, values.size(), most));
    }
  }

  static UUID uuid(String field, String text) {
    if (text.length() != UUID_LENGTH) {
      throw new IllegalArgumentException(field + ": not a UUID");
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(field + ": not a UUID", malformed);
    }
  }
}
