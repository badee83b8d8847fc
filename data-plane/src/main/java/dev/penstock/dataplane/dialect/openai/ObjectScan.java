package dev.penstock.dataplane.dialect.openai;

import dev.penstock.dataplane.dialect.json.JsonBytes;

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
    int at = JsonBytes.skipSpace(bytes, from, to);
    int end = endOfSpace(bytes, at, to);
    if (end - at < 2 || bytes[at] != '{' || bytes[end - 1] != '}') {
      return false;
    }
    int depth = 0;
    while (at < end) {
      byte c = bytes[at];
      if (c == '"') {
        int textEnd = JsonBytes.endOfText(bytes, at + 1, end);
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
    int colon = JsonBytes.skipSpace(bytes, to + 1, end);
    if (colon < end && bytes[colon] == ':') {
      int value = JsonBytes.skipSpace(bytes, colon + 1, end);
      if (value < end) {
        keys.key(depth, bytes, from, to, value, end);
      }
    }
  }

  private static int endOfSpace(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && JsonBytes.isSpace(bytes[end - 1])) {
      end--;
    }
    return end;
  }
}
