package dev.penstock.kernel.guard;

/**
 * Payment cards: 13 to 19 digits, as one number or in groups, that begin as those of a card scheme
 * and whose last digit is the check digit (ISO/IEC 7812, Luhn).
 */
final class CardScan implements TextScan {

  private static final Rule RULE = Rule.of(PiiEntity.CREDIT_CARD);
  private static final int MIN_DIGITS = 13;
  private static final int MAX_DIGITS = 19;
  private static final int OPEN = -1; // what follows decides

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int at = from;
    while (at < text.length()) {
      if (!Words.isDigit(text.charAt(at)) || !Words.opensAt(text, at)) {
        at++;
        continue;
      }
      int end = endOfCard(text, at, last);
      if (end == OPEN) {
        return at;
      }
      if (end > at) {
        found.at(RULE, at, end);
        at = end;
      }
      while (at < text.length() && Words.isDigit(text.charAt(at))) {
        at++;
      }
    }
    return at;
  }

  /** Of the longest card that begins there; 0: none does. */
  private static int endOfCard(String text, int start, boolean last) {
    byte[] digits = new byte[MAX_DIGITS];
    int count = 0;
    int end = 0;
    for (int at = start; at < text.length(); at++) {
      char c = text.charAt(at);
      if (Words.isDigit(c)) {
        if (count == MAX_DIGITS) {
          return end;
        }
        digits[count++] = (byte) (c - '0');
        if (!mayBeOfScheme(digits, count)) {
          return 0;
        }
        if (Words.closesAt(text, at + 1) && isCard(digits, count)) {
          end = at + 1;
        }
      } else if (!isSeparator(c) || !Words.isDigit(text.charAt(at - 1))) {
        return end;
      }
    }
    return last ? end : OPEN;
  }

  private static boolean isSeparator(char c) {
    return c == ' ' || c == '-' || c == '.';
  }

  private static boolean isCard(byte[] digits, int count) {
    return count >= MIN_DIGITS && isLuhn(digits, count);
  }

  /**
   * Whether the first digits can be those of American Express, Diners or JCB; Visa; Mastercard,
   * Maestro; Discover, UnionPay.
   */
  private static boolean mayBeOfScheme(byte[] digits, int count) {
    if (digits[0] >= 3 && digits[0] <= 6) {
      return true;
    }
    int least = 0;
    int most = 0;
    for (int i = 0; i < 4; i++) {
      least = least * 10 + (i < count ? digits[i] : 0);
      most = most * 10 + (i < count ? digits[i] : 9);
    }
    return most >= 2221 && least <= 2720;
  }

  private static boolean isLuhn(byte[] digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      boolean doubled = (count - i) % 2 == 0;
      int digit = doubled ? 2 * digits[i] : digits[i];
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
  }
}
