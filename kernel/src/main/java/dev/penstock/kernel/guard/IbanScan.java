package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * International bank account numbers (ISO 13616): a country's letters, two check digits and as many
 * letters and digits as its accounts have, with or without spaces; the rest of a division by 97 is
 * 1.
 */
final class IbanScan implements TextScan {

  private static final Rule RULE = Rule.of(PiiEntity.IBAN);
  private static final int OPEN = -1; // what follows decides

  /** Country and length; SWIFT, IBAN Registry, release 99. */
  private static final Map<String, Integer> LENGTHS =
      Arrays.stream(
              ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24"
                      + " DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23"
                      + " GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20"
                      + " LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31"
                      + " MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24"
                      + " SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22"
                      + " VG24 XK20 YE30")
                  .split(" "))
          .collect(Collectors.toMap(e -> e.substring(0, 2), e -> Integer.valueOf(e.substring(2))));

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int at = from;
    while (at < text.length()) {
      int end = begins(text, at) ? endOf(text, at, last) : 0;
      if (end == OPEN) {
        return at;
      }
      if (end > at) {
        found.at(RULE, at, end);
        at = end;
      } else {
        at++;
      }
    }
    return at;
  }

  /** Whether what stands there, as far as it is there, begins as a number does. */
  private static boolean begins(String text, int at) {
    if (!Words.isAsciiLetter(text.charAt(at)) || !Words.opensAt(text, at)) {
      return false;
    }
    int there = text.length() - at;
    return (there < 2 || Words.isAsciiLetter(text.charAt(at + 1)))
        && (there < 3 || Words.isDigit(text.charAt(at + 2)))
        && (there < 4 || Words.isDigit(text.charAt(at + 3)));
  }

  /** 0: none begins there. */
  private static int endOf(String text, int start, boolean last) {
    if (start + 1 == text.length()) {
      return last ? 0 : OPEN;
    }
    String country = "" + upper(text.charAt(start)) + upper(text.charAt(start + 1));
    int length = LENGTHS.getOrDefault(country, 0);
    if (length == 0) {
      return 0;
    }
    char[] number = new char[length];
    int at = start;
    for (int count = 0; count < length; at++) {
      if (at == text.length()) {
        return last ? 0 : OPEN;
      }
      char c = text.charAt(at);
      if (Words.isAsciiWord(c)) {
        number[count++] = upper(c);
      } else if ((c != ' ' && c != '-') || !Words.isAsciiWord(text.charAt(at - 1))) {
        return 0;
      }
    }
    if (at == text.length() && !last) {
      return OPEN;
    }
    return Words.closesAt(text, at) && hasCheckDigits(number) ? at : 0;
  }

  private static char upper(char c) {
    return c >= 'a' ? (char) (c - ('a' - 'A')) : c;
  }

  /** The first four characters count last, and letters as 10 to 35. */
  private static boolean hasCheckDigits(char[] number) {
    int rest = 0;
    for (int i = 0; i < number.length; i++) {
      char c = number[(i + 4) % number.length];
      rest = Words.isDigit(c) ? rest * 10 + (c - '0') : rest * 100 + (c - 'A' + 10);
      rest %= 97;
    }
    return rest == 1;
  }
}
