package dev.penstock.dataplane.dialect.openai;

/**
 * Goes through one JSON object in one pass over its bytes, without building anything, and tells of
 * the keys that stand near its top. Text inside strings is skipped, so nothing that a model says
 * can look like structure.
 */
public final class ObjectScan {

  private ObjectScan() {}

  /** Is told what an object holds. */
  public interface Keys {

    /**
     * A key and its value.
     *
     * @param depth 1 in the object itself, counting every bracket
     * @param from the key's first byte, without its quote
     * @param to after its last one
     * @param value the value's first byte
     * @param end of the object's bytes
     */
    void key(int depth, byte[] bytes, int from, int to, int value, int end);

    /**
     * A bracket closes.
     *
     * @param depth outside of it
     * @param at after the bracket
     */
    void closed(int depth, int at);
  }

  /**
   * Scans {@code bytes[from, to)}.
   *
   * @param maxDepth of the keys that are told
   * @return whether it is one object whose brackets and strings match
   */
  public static boolean scan(byte[] bytes, int from, int to, int maxDepth, Keys keys) {
    int at = skipSpace(bytes, from, to);
    int end = endOfSpace(bytes, at, to);
    if (end - at < 2 || bytes[at] != '{' || bytes[end - 1] != '}') {
      return false;
    }
    int depth = 0;
    while (at < end) {
      byte c = bytes[at];
      if (c == '"') {
        int textEnd = endOfText(bytes, at + 1, end);
        if (textEnd < 0) {
          return false;
        }
        if (depth <= maxDepth) {
          tellKey(depth, bytes, at + 1, textEnd, end, keys);
        }
        at = textEnd + 1;
        continue;
      }
      at++;
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth < 0 || (depth == 0 && at != end)) {
          return false;
        }
        keys.closed(depth, at);
      }
    }
    return depth == 0;
  }

  private static void tellKey(int depth, byte[] bytes, int from, int to, int end, Keys keys) {
    int colon = skipSpace(bytes, to + 1, end);
    if (colon < end && bytes[colon] == ':') {
      int value = skipSpace(bytes, colon + 1, end);
      if (value < end) {
        keys.key(depth, bytes, from, to, value, end);
      }
    }
  }

  /** Whether {@code bytes[from, to)} are the characters of an ASCII word. */
  public static boolean is(byte[] bytes, int from, int to, String word) {
    return to - from == word.length() && startsWith(bytes, from, word);
  }

  private static boolean startsWith(byte[] bytes, int from, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (bytes[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code bytes[from, to)} end with the characters of an ASCII word. */
  public static boolean endsWith(byte[] bytes, int from, int to, String word) {
    return to - from >= word.length() && startsWith(bytes, to - word.length(), word);
  }

  /** Index of the closing quote of a string, or -1. */
  public static int endOfText(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      byte c = bytes[at];
      if (c == '"') {
        return at;
      }
      at += c == '\\' ? 2 : 1;
    }
    return -1;
  }

  private static int skipSpace(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  private static int endOfSpace(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && isSpace(bytes[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
