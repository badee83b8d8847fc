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
  private final Pattern beginnings;
  private final boolean combines; // whether what combines with a character may make a match of it
  private final int size;

  private PatternScan(Pattern pattern, Pattern beginnings, boolean combines) {
    this.pattern = pattern;
    this.beginnings = beginnings;
    this.combines = combines;
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
    Pattern whole = compile(text);
    PatternScan scan = new PatternScan(whole, beginnings(text), Words.firstNotAscii(text) >= 0);
    if (scan.size > GuardLimits.MAX_PATTERN_SIZE) {
      throw tooLarge();
    }
    if (matchesNothing(scan.pattern, "") || matchesNothing(scan.pattern, SAMPLE)) {
      throw bad("matches the empty text, so it would be found everywhere");
    }
    return scan;
  }

  private static Pattern beginnings(String text) {
    try {
      return Pattern.compile(PatternPrefix.of(text));
    } catch (PatternSyntaxException tooMuch) {
      throw bad("cannot be followed while a text grows (expected: a simpler form)");
    } catch (IllegalArgumentException wrong) {
      throw bad(String.valueOf(wrong.getMessage()));
    }
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
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int to = last || !combines ? text.length() : Math.max(from, Words.beforeWhatMayCombine(text));
    CharSequence there = new Counted(text.substring(0, to), size, budget);
    Matcher matcher = pattern.matcher(there);
    int at = from;
    while (true) {
      int open = last ? to : open(there, at);
      if (at > to || !matcher.find(at) || matcher.start() >= open) {
        return open;
      }
      if (matcher.end() > matcher.start()) {
        found.at(RULE, matcher.start(), matcher.end());
        at = matcher.end();
      } else {
        at = matcher.end() + 1;
      }
    }
  }

  /** Where the first beginning of a match stands that the text's end cuts. */
  private int open(CharSequence text, int from) {
    Matcher cut = beginnings.matcher(text);
    return from <= text.length() && cut.find(from) ? cut.start() : text.length();
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
