package dev.penstock.kernel.guard;

/** How one kind of thing is written, asked at a place where it may begin. Immutable. */
@FunctionalInterface
interface Form {

  /** Nothing begins there, whatever follows. */
  int NONE = -1;

  /** What follows the text decides; never the answer for a text that ends. */
  int OPEN = -2;

  /**
   * @param at where something may begin; what stands before is only the surroundings
   * @param last whether the text ends here
   * @return the end (exclusive) of what begins there, {@link #NONE} or {@link #OPEN}; more text
   *     changes neither an end nor {@link #NONE}
   */
  int endAt(String text, int at, boolean last);

  /** Where what was found begins, if words before it belong to the form but not to the find. */
  default int startOf(String text, int at) {
    return at;
  }

  /** What to say where a text is over and the form is not. */
  static int cutOff(boolean last) {
    return last ? NONE : OPEN;
  }

  /** An end that has to be the end of a word, too. */
  static int closing(String text, int end, boolean last) {
    if (end == text.length()) {
      return last ? end : OPEN;
    }
    return Words.closesAt(text, end) ? end : NONE;
  }

  /** Behind a word that stands there. */
  static int word(String word, String text, int at, boolean last) {
    int known = Math.min(word.length(), text.length() - at);
    if (!text.regionMatches(at, word, 0, known)) {
      return NONE;
    }
    return known < word.length() ? cutOff(last) : at + known;
  }

  /** Behind a run of characters, as far as {@code most} of them go. */
  static int run(AsciiSet of, String text, int start, int most, boolean last) {
    int limit = start + most;
    int at = start;
    while (at < limit && at < text.length() && of.has(text.charAt(at))) {
      at++;
    }
    return at < limit && at == text.length() && !last ? OPEN : at;
  }
}
