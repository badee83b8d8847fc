package dev.penstock.kernel.guard;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.text.Normalizer;

/**
 * Finds what a regular expression matches, with RE2/J: no pattern can make one search take longer
 * than text times pattern.
 */
final class PatternScan implements TextScan {

  private static final String FIELD = "pattern";

  /** A little of everything that an empty match may hide behind. */
  private static final String SAMPLE = "a Z_1\n-\u00e9\u6f22 ";

  private static final Rule RULE = Rule.ofPattern();

  private final Pattern pattern;
  private final int size;

  private PatternScan(Pattern pattern) {
    this.pattern = pattern;
    size = pattern.programSize();
  }

  /**
   * @throws BadDetector if it cannot be run
   */
  static PatternScan of(String text) {
    if (text.isEmpty() || text.length() > GuardLimits.MAX_PATTERN_LENGTH) {
      throw bad("expected 1 to " + GuardLimits.MAX_PATTERN_LENGTH + " characters");
    }
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFKC)) {
      throw bad("expected Unicode's form NFKC, in which texts are searched");
    }
    // Before it is compiled: a thousand repetitions of a thousand would fill the memory first.
    if (PatternSize.estimate(text) > GuardLimits.MAX_PATTERN_SIZE) {
      throw tooLarge();
    }
    PatternScan scan = new PatternScan(compile(text));
    if (scan.size > GuardLimits.MAX_PATTERN_SIZE) {
      throw tooLarge();
    }
    if (matchesNothing(scan.pattern, "") || matchesNothing(scan.pattern, SAMPLE)) {
      throw bad("matches the empty text, so it would be found everywhere");
    }
    return scan;
  }

  private static Pattern compile(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException wrong) {
      // The engine names the piece that it does not take, not where that stands.
      String piece = wrong.getPattern();
      int at = piece == null ? -1 : text.indexOf(piece);
      throw bad(
          "%s%s (expected: RE2 syntax, which has no lookaround and no backreferences)"
              .formatted(at < 0 ? "" : "at character " + (at + 1) + ": ", wrong.getDescription()));
    }
  }

  private static boolean matchesNothing(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.start() == matcher.end()) {
        return true;
      }
    }
    return false;
  }

  private static BadDetector tooLarge() {
    return bad(
        "is too large (expected: at most %d instructions; a counted repetition has as many as it allows)"
            .formatted(GuardLimits.MAX_PATTERN_SIZE));
  }

  private static BadDetector bad(String detail) {
    return new BadDetector(FIELD, detail);
  }

  @Override
  public void scan(String text, ScanBudget budget, Found found) {
    Matcher matcher = pattern.matcher(new Counted(text, size, budget));
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        found.at(RULE, matcher.start(), matcher.end());
      }
    }
  }

  /** Every look at a character is work for all instructions, at worst. */
  private record Counted(String text, int size, ScanBudget budget) implements CharSequence {

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      budget.spend(size);
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
