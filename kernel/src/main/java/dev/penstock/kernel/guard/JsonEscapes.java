package dev.penstock.kernel.guard;

/** Escapes in the strings of a text that is JSON (RFC 8259, section 7). */
final class JsonEscapes {

  private static final int UNICODE = 6; // a backslash, u and four digits
  private static final String SHORT = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private JsonEscapes() {}

  /**
   * How long the escape is that begins there; 1: it is none, only a backslash; negative: the text
   * ends within it.
   */
  static int length(String text, int at) {
    if (at + 1 == text.length()) {
      return -1;
    }
    if (text.charAt(at + 1) != 'u') {
      return SHORT.indexOf(text.charAt(at + 1)) < 0 ? 1 : 2;
    }
    for (int i = at + 2; i < at + UNICODE; i++) {
      if (i == text.length()) {
        return -1;
      }
      if (Character.digit(text.charAt(i), 16) < 0) {
        return 1;
      }
    }
    return UNICODE;
  }

  /** What a whole escape stands for. */
  static char meant(String text, int at) {
    char c = text.charAt(at + 1);
    return c == 'u'
        ? (char) Integer.parseInt(text, at + 2, at + UNICODE, 16)
        : MEANT.charAt(SHORT.indexOf(c));
  }
}
