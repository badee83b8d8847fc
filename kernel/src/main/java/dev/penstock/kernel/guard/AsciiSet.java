package dev.penstock.kernel.guard;

/**
 * Some of ASCII's characters.
 *
 * @param low a bit for each below 64
 * @param high a bit for each from 64 on
 */
record AsciiSet(long low, long high) {

  static final AsciiSet DIGITS = AsciiSet.of("0-9");
  static final AsciiSet HEX = AsciiSet.of("0-9a-f");
  static final AsciiSet UPPER = AsciiSet.of("0-9A-Z");
  static final AsciiSet BASE62 = AsciiSet.of("0-9A-Za-z");

  /** RFC 4648, section 4, without the padding. */
  static final AsciiSet BASE64 = AsciiSet.of("0-9A-Za-z+/");

  /** RFC 4648, section 5: what most tokens are made of. */
  static final AsciiSet BASE64_URL = AsciiSet.of("0-9A-Za-z_-");

  /** As within the brackets of a regular expression; a hyphen at the end stands for itself. */
  static AsciiSet of(String members) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < members.length(); i++) {
      boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
      char until = members.charAt(range ? i + 2 : i);
      for (char c = members.charAt(i); c <= until; c++) {
        low |= c < 64 ? 1L << c : 0;
        high |= c < 64 ? 0 : 1L << (c - 64);
      }
      i = range ? i + 2 : i;
    }
    return new AsciiSet(low, high);
  }

  boolean has(char c) {
    return c < 128 && ((c < 64 ? low >>> c : high >>> (c - 64)) & 1) != 0;
  }
}
