package dev.penstock.kernel.guard;

/**
 * A number that counts only shortly behind a word that says what it is, in capitals or not. Only
 * the number is found.
 */
final class NearForm implements Form {

  /** As in {@code BSN of the applicant is}. */
  private static final int MAX_GAP = 24;

  private final String word;
  private final IdForm number;

  NearForm(String word, IdForm number) {
    this.word = word;
    this.number = number;
  }

  @Override
  public int endAt(String text, int at, boolean last) {
    int start = numberAt(text, at, last);
    return start < 0 ? start : number.endAt(text, start, last);
  }

  @Override
  public int startOf(String text, int at) {
    return numberAt(text, at, true);
  }

  private int numberAt(String text, int at, boolean last) {
    int known = Math.min(word.length(), text.length() - at);
    if (!text.regionMatches(true, at, word, 0, known)) {
      return NONE;
    }
    int gap = at + word.length();
    for (int i = gap; i <= gap + MAX_GAP; i++) {
      if (i >= text.length()) {
        return Form.cutOff(last);
      }
      char c = text.charAt(i);
      if (Words.isDigit(c)) {
        return i > gap && Words.opensAt(text, i) ? i : NONE;
      }
      if (i == gap && Words.isAsciiWord(c)) {
        return NONE;
      }
    }
    return NONE;
  }
}
