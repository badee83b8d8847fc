package dev.penstock.kernel.guard;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** Where words begin and end, as far as a text shows it. */
final class Words {

  /** Scripts whose words stand without spaces between, or take endings that are written on. */
  private static final Set<UnicodeScript> RUN_ON =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  private Words() {}

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isAsciiWord(char c) {
    return isDigit(c) || isAsciiLetter(c);
  }

  /** Letters and digits of scripts that put something between words. */
  static boolean isWord(int codePoint) {
    if (codePoint < 0x80) {
      return isAsciiWord((char) codePoint);
    }
    return Character.isLetterOrDigit(codePoint) && !RUN_ON.contains(UnicodeScript.of(codePoint));
  }

  /** Whether no ASCII letter or digit stands directly before a place. */
  static boolean opensAt(String text, int at) {
    return at == 0 || !isAsciiWord(text.charAt(at - 1));
  }

  /** Whether no ASCII letter or digit stands directly at a place. */
  static boolean closesAt(String text, int at) {
    return at >= text.length() || !isAsciiWord(text.charAt(at));
  }

  /** Whether a word may begin or end at a place between two characters. */
  static boolean isEdge(String text, int at) {
    return at <= 0
        || at >= text.length()
        || !isWord(text.codePointBefore(at))
        || !isWord(text.codePointAt(at));
  }

  /** Place of the first character beyond ASCII; negative: there is none. */
  static int firstNotAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return i;
      }
    }
    return -1;
  }

  /**
   * How much of a text that is still growing stays as it is: what follows may be a mark that makes
   * another character of a letter at its end.
   */
  static int beforeWhatMayCombine(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int end = text.codePointBefore(text.length());
    return Character.isLetter(end) ? text.length() - Character.charCount(end) : text.length();
  }
}
