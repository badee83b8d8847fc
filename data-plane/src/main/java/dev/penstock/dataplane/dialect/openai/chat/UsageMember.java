package dev.penstock.dataplane.dialect.openai.chat;

import static dev.penstock.dataplane.dialect.json.JsonBytes.isSpace;

import java.util.Arrays;

/**
 * The member {@code "usage": {…}} of a chunk that is well formed. It is overwritten and not cut
 * out, as JSON takes blanks anywhere and all else of the chunk then stays where it is.
 */
final class UsageMember {

  private static final int NAME_BYTES = "\"usage\"".length();

  private UsageMember() {}

  /**
   * Overwrites it, with one of the commas around it.
   *
   * @param from of its value
   * @param to of its value
   */
  static void blank(byte[] bytes, int from, int to) {
    int colon = before(bytes, from);
    int name = before(bytes, colon) - NAME_BYTES + 1;
    int previous = before(bytes, name);
    int start = bytes[previous] == ',' ? previous : name;
    int end = to;
    if (start == name) {
      while (isSpace(bytes[end])) {
        end++;
      }
      end = bytes[end] == ',' ? end + 1 : to;
    }
    Arrays.fill(bytes, start, end, (byte) ' ');
  }

  /** Index of the last byte before this one that is no space. */
  private static int before(byte[] bytes, int index) {
    int at = index - 1;
    while (isSpace(bytes[at])) {
      at--;
    }
    return at;
  }
}
