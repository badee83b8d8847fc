package dev.penstock.kernel.guard;

/** E-mail addresses as people write them, not all that RFC 5322 allows. */
final class EmailScan implements TextScan {

  private static final Rule RULE = Rule.of(PiiEntity.EMAIL);
  private static final int MAX_LOCAL = 64; // RFC 5321, section 4.5.3.1
  private static final int MAX_DOMAIN = 255;
  private static final int OPEN = -1; // what follows decides

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int free = from; // of what has been found
    for (int at = text.indexOf('@', from); at >= 0; at = text.indexOf('@', at + 1)) {
      int start = startOfLocal(text, free, at);
      if (start == at) {
        continue;
      }
      int end = endOfDomain(text, at + 1, last);
      if (end == OPEN) {
        return start;
      }
      if (end > at) {
        found.at(RULE, start, end);
        free = end;
      }
    }
    return last ? text.length() : startOfLocal(text, free, text.length());
  }

  private static int startOfLocal(String text, int from, int at) {
    int start = at;
    while (start > from && at - start < MAX_LOCAL && isLocal(text.charAt(start - 1))) {
      start--;
    }
    while (start < at && text.charAt(start) == '.') {
      start++;
    }
    return start;
  }

  private static boolean isLocal(char c) {
    return Words.isWord(c) || "._%+-".indexOf(c) >= 0;
  }

  /** After the last label that can be a top-level domain with another one before it; 0: none. */
  private static int endOfDomain(String text, int start, boolean last) {
    int end = start;
    int domain = 0; // its end so far
    int label = start;
    while (end - start < MAX_DOMAIN && end < text.length() && isLabel(text.charAt(end))) {
      end++;
      boolean ends = end == text.length() || !isLabel(text.charAt(end));
      if (!ends) {
        continue;
      }
      if (label > start && isTopLevel(text, label, end)) {
        domain = end;
      }
      if (end == text.length() || text.charAt(end) != '.') {
        break;
      }
      end++;
      label = end;
    }
    return !last && end == text.length() && end - start < MAX_DOMAIN ? OPEN : domain;
  }

  private static boolean isLabel(char c) {
    return Words.isWord(c) || c == '-';
  }

  private static boolean isTopLevel(String text, int start, int end) {
    if (end - start < 2) {
      return false;
    }
    if (text.startsWith("xn--", start)) {
      return true;
    }
    for (int i = start; i < end; i++) {
      if (!Character.isLetter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
