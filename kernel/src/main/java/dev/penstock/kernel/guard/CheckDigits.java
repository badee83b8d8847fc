package dev.penstock.kernel.guard;

/** What numbers of states say about themselves; all are given without separators, in capitals. */
final class CheckDigits {

  private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final int[] PESEL_WEIGHTS = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};

  /** What a character at an odd place of a codice fiscale counts, from A and from 0. */
  private static final int[] AT_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private CheckDigits() {}

  private static int digit(String number, int at) {
    return number.charAt(at) - '0';
  }

  private static int two(String number, int at) {
    return 10 * digit(number, at) + digit(number, at + 1);
  }

  /**
   * Of the first ten digits one stands there twice or three times, though not in a row, and every
   * other at most once.
   */
  static boolean isSteuerId(String number) {
    int[] counts = new int[10];
    int product = 10;
    for (int i = 0; i < 10; i++) {
      counts[digit(number, i)]++;
      int sum = (digit(number, i) + product) % 10;
      product = 2 * (sum == 0 ? 10 : sum) % 11;
    }
    int repeated = 0;
    for (int digit = 0; digit < 10; digit++) {
      repeated += counts[digit] > 1 ? 1 : 0;
      if (counts[digit] > 3 || number.contains(String.valueOf(digit).repeat(3))) {
        return false;
      }
    }
    return repeated == 1 && digit(number, 10) == (11 - product) % 10;
  }

  /** The key is what the rest of a division by 97 lacks of 97; 2A and 2B count as 19 and 18. */
  static boolean isNir(String number) {
    int month = two(number, 3);
    boolean isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    String department = number.substring(5, 7);
    if (department.charAt(1) >= 'A') {
      if (department.charAt(0) != '2') {
        return false;
      }
      department = department.equals("2A") ? "19" : "18";
    }
    long counted = Long.parseLong(number.substring(0, 5) + department + number.substring(7, 13));
    return isMonth && two(number, 13) == 97 - counted % 97;
  }

  static boolean isDni(String number) {
    char first = number.charAt(0);
    String digits = (first >= 'X' ? (char) (first - 'X' + '0') : first) + number.substring(1, 8);
    return number.charAt(8) == DNI_LETTERS.charAt(Integer.parseInt(digits) % 23);
  }

  static boolean isCodiceFiscale(String number) {
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = number.charAt(i);
      int value = Words.isDigit(c) ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? AT_ODD[value] : value;
    }
    return number.charAt(15) == 'A' + sum % 26;
  }

  static boolean isBsn(String number) {
    int sum = -digit(number, 8);
    for (int i = 0; i < 8; i++) {
      sum += (9 - i) * digit(number, i);
    }
    return sum % 11 == 0 && sum > 0;
  }

  /** The month says the century, too: 20 more for the 21st, up to 80 more for the 19th. */
  static boolean isPesel(String number) {
    int month = two(number, 2) % 20;
    int day = two(number, 4);
    int sum = digit(number, 10);
    for (int i = 0; i < PESEL_WEIGHTS.length; i++) {
      sum += PESEL_WEIGHTS[i] * digit(number, i);
    }
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && sum % 10 == 0;
  }

  static boolean isCpf(String number) {
    return !number.equals(number.substring(0, 1).repeat(11))
        && isCpfDigit(number, 9)
        && isCpfDigit(number, 10);
  }

  private static boolean isCpfDigit(String number, int at) {
    int sum = 0;
    for (int i = 0; i < at; i++) {
      sum += (at + 1 - i) * digit(number, i);
    }
    return digit(number, at) == 10 * sum % 11 % 10;
  }

  /** GS1 General Specifications, section 7.9. */
  static boolean isEan(String number) {
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      sum += (i % 2 == 0 ? 1 : 3) * digit(number, i);
    }
    return sum % 10 == 0;
  }
}
