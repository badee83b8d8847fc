package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Character references (HTML Standard, section 13.5): decimal and hexadecimal ones, with or without
 * their semicolon, and the named ones that stand for ASCII's punctuation or for what nobody sees.
 */
final class HtmlReferences {

  /** What to say of a place at which none begins. */
  static final int NONE = 1;

  /** What to say of a place at which the text ends within one. */
  static final int CUT = -1;

  private static final int MAX_DIGITS = 7;
  private static final AsciiSet HEX = AsciiSet.of("0-9A-Fa-f");
  private static final AsciiSet NAME = AsciiSet.of("A-Za-z");
  private static final int MAX_NAME = 8;

  private static final Map<String, Integer> NAMED =
      Arrays.stream(
              ("Tab=9 NewLine=10 excl=33 quot=34 QUOT=34 num=35 dollar=36 percnt=37 amp=38 AMP=38"
                      + " apos=39 lpar=40 rpar=41 ast=42 midast=42 plus=43 comma=44 period=46 sol=47"
                      + " colon=58 semi=59 lt=60 LT=60 equals=61 gt=62 GT=62 quest=63 commat=64"
                      + " lsqb=91 lbrack=91 bsol=92 rsqb=93 rbrack=93 Hat=94 lowbar=95 UnderBar=95"
                      + " grave=96 lcub=123 lbrace=123 verbar=124 vert=124 rcub=125"
                      + " rbrace=125 nbsp=160 shy=173 zwnj=8204 zwj=8205")
                  .split(" "))
          .map(each -> each.split("=", 2))
          .collect(Collectors.toMap(each -> each[0], each -> Integer.valueOf(each[1])));

  private HtmlReferences() {}

  /**
   * How long the reference is that begins at an ampersand; {@link #NONE} or {@link #CUT} otherwise.
   */
  static int length(String text, int at, boolean last) {
    if (at + 1 == text.length()) {
      return last ? NONE : CUT;
    }
    int digits = digitsFrom(text, at);
    AsciiSet of = digits == at + 1 ? NAME : isHex(text, at) ? HEX : AsciiSet.DIGITS;
    int most = digits == at + 1 ? MAX_NAME : MAX_DIGITS;
    int end = Form.run(of, text, digits, most, last);
    if (end == Form.OPEN || (end == text.length() && !last)) {
      return CUT;
    }
    boolean closed = end < text.length() && text.charAt(end) == ';';
    boolean known =
        digits == at + 1
            ? closed && NAMED.containsKey(text.substring(digits, end))
            : end > digits && isCharacter(number(text, digits, end, of));
    return known ? end + (closed ? 1 : 0) - at : NONE;
  }

  /** The character that a whole reference stands for. */
  static int meant(String text, int at, int end) {
    int digits = digitsFrom(text, at);
    int until = text.charAt(end - 1) == ';' ? end - 1 : end;
    return digits == at + 1
        ? NAMED.getOrDefault(text.substring(digits, until), 0)
        : number(text, digits, until, isHex(text, at) ? HEX : AsciiSet.DIGITS);
  }

  private static int digitsFrom(String text, int at) {
    return text.charAt(at + 1) != '#' ? at + 1 : isHex(text, at) ? at + 3 : at + 2;
  }

  private static boolean isHex(String text, int at) {
    return text.startsWith("#x", at + 1) || text.startsWith("#X", at + 1);
  }

  private static int number(String text, int start, int end, AsciiSet digits) {
    return Integer.parseInt(text, start, end, digits.equals(HEX) ? 16 : 10);
  }

  private static boolean isCharacter(int number) {
    return number > 0
        && Character.isValidCodePoint(number)
        && Character.getType(number) != Character.SURROGATE;
  }
}
