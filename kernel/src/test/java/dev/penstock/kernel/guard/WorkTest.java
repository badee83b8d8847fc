package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Searching takes work in proportion to the text, whoever wrote the text and the pattern. Patterns
 * count their work, so that is held against a bound. The other scans count nothing: they are given
 * texts on which looking back or ahead would square the work, and have to come to an end.
 */
class WorkTest {

  private static final int LONG = 1_000_000;
  private static final int LARGEST = 10_000_000;

  private static final List<Detector> ALL =
      List.of(
          new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT),
          new Detector.Secrets(Action.REDACT),
          new Detector.Terms(List.of("project falcon", "aaaaaaaaab", "a a a a b"), Action.REDACT),
          new Detector.Injection(Action.FLAG),
          new Detector.Size(LARGEST, Action.FLAG));

  /** Three looks a character, and as many again where a character may begin a match. */
  private static final int LOOKS = 6;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+b",
        "(a|aa)+b",
        "(a|a)*b",
        "(?:a*)*b",
        "a?a?a?a?a?a?a?a?a?a?aaaaaaaaaab",
        "(.*)(.*)(.*)(.*)[0-9]z",
        "(?i)([a-z]+ ?)+!",
      })
  void patternsThatBackTrackElsewhereGoThroughATextOnce(String hostile) {
    PatternScan scan = PatternScan.of(hostile);
    String text = "a".repeat(200_000);
    long bound = (long) LOOKS * text.length() * GuardLimits.MAX_PATTERN_SIZE / 10;

    assertThatCode(() -> scan.scan(text, 0, true, new ScanBudget(bound), (rule, start, end) -> {}))
        .doesNotThrowAnyException();
  }

  @Test
  void matchesOfAPatternCostNoMoreThanTheirText() {
    PatternScan scan = PatternScan.of("ACME-[0-9]{6}");
    String text = "ACME-123456 ".repeat(20_000);
    int size = 20; // instructions, at most

    assertThatCode(() ->
            scan.scan(
                text,
                0,
                true,
                new ScanBudget((long) LOOKS * size * text.length()),
                (rule, start, end) -> {}))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1",
        "1 ",
        "-",
        "@",
        "a@",
        "a@b.",
        "(+",
        "0-",
        "DE89 ",
        "DE",
        "BSN ",
        "ssn-",
        "x1 ",
        "éi",
        "ignore all ",
        "show me ",
        "eyJ",
        "eyJ-",
        "eyJhbGciOiJIUzI1NiJ9.",
        "eyJhbGciOiJIUzI1NiJ9.eyJ-",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----A-----END ",
        "ghs_",
        "ghs_-",
        "sk-ant-",
        "https://hooks.slack.com/services/",
        "AccountKey=",
        "Ym9i",
        "Ym9i=",
        "&",
        "&#",
        "&#64",
        "&#64;",
        "\\u0061",
        "\u0301",
        "a\u0336",
        "рrо",
        "a ",
        " ",
      })
  void comesToAnEndOnTextsMadeToBeSlow(String repeated) {
    search(repeated.repeat(LONG / repeated.length()));
  }

  @Test
  void comesToAnEndOnTheLargestRequest() {
    search("eyJ-&#64;ghs_ignore all 1 -----BEGIN ".repeat(LARGEST / 36));
  }

  private static void search(String text) {
    Guard guard = new Guard("acme", "all", Set.of(Side.INPUT), ALL);
    long[] found = {0};
    guard.search(
        new SearchText(text),
        ScanBudget.ofRequest(),
        (detector, rule, start, end) -> {
          assertThat(end).isGreaterThan(start);
          found[0]++;
        });
    assertThat(found[0]).isLessThanOrEqualTo(text.length());
  }
}
