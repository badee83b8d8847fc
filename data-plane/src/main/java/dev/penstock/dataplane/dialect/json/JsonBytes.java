package dev.penstock.dataplane.dialect.json;

import dev.penstock.dataplane.buffer.ByteSearch;

/**
 * Looks at JSON that nobody parses, byte by byte and without building anything. All ranges end
 * before their end.
 */
public final class JsonBytes {

  private JsonBytes() {}

  /** Whether the bytes are this word, which is ASCII and has no escapes. */
  public static boolean is(byte[] bytes, int from, int to, String word) {
    int length = word.length();
    if (to - from != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Index of the quote that closes the text that begins at {@code from}, or -1. */
  public static int endOfText(byte[] bytes, int from, int end) {
    int at = ByteSearch.indexOfEither(bytes, from, end, '"', '\\');
    while (at < end && bytes[at] == '\\') {
      at = ByteSearch.indexOfEither(bytes, at + 2, end, '"', '\\');
    }
    return at < end ? at : -1;
  }

  /** Index of the first byte that is no space, or the end. */
  public static int skipSpace(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  public static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
