package dev.penstock.kernel.guard;

/**
 * Telephone numbers in the forms in which people write them: international with {@code +} or {@code
 * 00}; national with a trunk {@code 0} (as in most of Europe); North American. A number alone, such
 * as ten digits that begin with another digit than 0, is not taken for one: it may be anything.
 */
final class PhoneScan implements TextScan {

  private static final Rule RULE = Rule.of(PiiEntity.PHONE);
  private static final int MAX_DIGITS = 17;
  private static final int MAX_GROUPS = 10;
  private static final int MAX_BETWEEN = 2;
  private static final String BETWEEN = " -./()";
  private static final Number NONE = new Number("-", 0);

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean begins = (Words.isDigit(c) || c == '+' || c == '(') && Words.opensAt(text, at);
      Number number = begins ? new Number(text, at) : NONE;
      if (!last && number.mayGoOn()) {
        return at;
      }
      int end = number.end();
      if (end > at) {
        found.at(RULE, at, end);
        at = end;
        continue;
      }
      at++;
      while (Words.isDigit(c) && at < text.length() && Words.isDigit(text.charAt(at))) {
        at++;
      }
    }
    return at;
  }

  /** What could be a number: groups of digits with little between them. */
  private static final class Number {

    private final String text;
    private final int start;
    private final boolean plus;
    private final int[] sizes = new int[MAX_GROUPS];
    private final int[] ends = new int[MAX_GROUPS];
    private final StringBuilder digits = new StringBuilder(MAX_DIGITS);
    private int groups;
    private boolean cut; // by the end of the text

    Number(String text, int start) {
      this.text = text;
      this.start = start;
      plus = text.charAt(start) == '+';
      read();
    }

    private void read() {
      int at = plus ? start + 1 : start;
      if (at < text.length() && text.charAt(at) == '(') {
        at++;
      }
      while (groups < MAX_GROUPS) {
        int first = at;
        while (at < text.length() && Words.isDigit(text.charAt(at))) {
          at++;
        }
        int size = at - first;
        cut = at == text.length();
        if (size == 0 || digits.length() + size > MAX_DIGITS || !Words.closesAt(text, at)) {
          return;
        }
        digits.append(text, first, at);
        sizes[groups] = size;
        ends[groups++] = at;
        int between = 0;
        while (between < MAX_BETWEEN
            && at < text.length()
            && BETWEEN.indexOf(text.charAt(at)) >= 0) {
          at++;
          between++;
        }
        cut = at == text.length();
        if (between == 0) {
          return;
        }
      }
    }

    /** Whether the text ends where a number, or a longer one, may still come of it. */
    boolean mayGoOn() {
      if (!cut || digits.isEmpty()) {
        return cut;
      }
      if (plus || digits.charAt(0) == '0') {
        return digits.length() <= MAX_DIGITS;
      }
      boolean firstEnds = groups > 1 || !Words.isDigit(text.charAt(text.length() - 1));
      return firstEnds
          ? sizes[0] == 3 || (sizes[0] == 1 && digits.charAt(0) == '1')
          : sizes[0] <= 3;
    }

    /** Of the longest number that begins here; 0: none does. */
    int end() {
      for (int count = groups; count > 0; count--) {
        if (isNumber(count)) {
          return ends[count - 1];
        }
      }
      return 0;
    }

    private boolean isNumber(int count) {
      int length = 0;
      for (int i = 0; i < count; i++) {
        length += sizes[i];
      }
      if (plus) {
        return digits.charAt(0) != '0' && length >= 8 && length <= 15; // E.164
      }
      if (digits.charAt(0) == '0') {
        return digits.length() > 2 && digits.charAt(1) == '0'
            ? digits.charAt(2) != '0' && length >= 11
            : isTrunk(count, length);
      }
      return isNorthAmerican(count);
    }

    /** In one piece, with an area code of three digits or more, or by twos as in France. */
    private boolean isTrunk(int count, int length) {
      if (count == 1) {
        return length >= 10 && length <= 12;
      }
      return sizes[0] >= 3 ? length >= 9 && length <= 13 : isByTwos(count);
    }

    private boolean isByTwos(int count) {
      for (int i = 0; i < count; i++) {
        if (sizes[i] != 2) {
          return false;
        }
      }
      return count == 5;
    }

    /**
     * Three, three and four digits, after a 1 or not; neither of the first two begins with 0 or 1.
     */
    private boolean isNorthAmerican(int count) {
      int from = count == 4 && sizes[0] == 1 && digits.charAt(0) == '1' ? 1 : 0;
      return count - from == 3
          && sizes[from] == 3
          && sizes[from + 1] == 3
          && sizes[from + 2] == 4
          && digits.charAt(from) >= '2'
          && digits.charAt(from + 3) >= '2';
    }
  }
}
