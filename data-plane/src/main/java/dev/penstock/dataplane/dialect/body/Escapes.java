package dev.penstock.dataplane.dialect.body;

/** Where the characters of a JSON string stand among its bytes. */
final class Escapes {

  private static final int UNICODE_ESCAPE = 6; // a backslash, u and four digits
  private static final int ESCAPE = 2;

  private Escapes() {}

  /**
   * The place after so many characters (in the sense of {@code char}).
   *
   * @param body the string must be well-formed there, which a parser has proven
   */
  static int after(byte[] body, int start, int characters) {
    int at = start;
    int left = characters;
    while (left > 0) {
      int first = body[at];
      if (first == '\\') {
        at += body[at + 1] == 'u' ? UNICODE_ESCAPE : ESCAPE;
        left--;
      } else if (first >= 0) {
        at++;
        left--;
      } else if ((first & 0xF0) == 0xF0) {
        at += 4; // two of Java's characters
        left -= 2;
      } else {
        at += (first & 0xE0) == 0xE0 ? 3 : 2;
        left--;
      }
    }
    return at;
  }
}
