package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

  private static final Detector PII = new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT);
  private static final Detector SECRETS = new Detector.Secrets(Action.BLOCK);
  private static final Detector TERMS =
      new Detector.Terms(List.of("project falcon", "Straße 7", "falcon x"), Action.BLOCK);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          write to bob.o'neil+x@mail.acme.example.   | email: neil+x@mail.acme.example
          <Ann@ACME.co.uk>                           | email: Ann@ACME.co.uk
          ａｎｎ＠ａｃｍｅ．ｃｏｍ                            | email: ａｎｎ＠ａｃｍｅ．ｃｏｍ
          邮箱ann@acme.com谢谢                          | email: ann@acme.com
          a@b, @home, x@y.1, user@localhost          |
          call +49 30 901820 today                   | phone: +49 30 901820
          call 0049-30-901820-12.                    | phone: 0049-30-901820-12
          (030) 90 18 20 33                          | phone: (030) 90 18 20 33
          0171 2345678                               | phone: 0171 2345678
          01 23 45 67 89                             | phone: 01 23 45 67 89
          (415) 555-2671                             | phone: (415) 555-2671
          415.555.2671                               | phone: 415.555.2671
          on 2026-11-24 at 12:30, 192.168.100.200    |
          01.02.2026 12:30, 4 1234567890             |
          IBAN FR14 2004 1010 0505 0001 3M02 606!    | iban: FR14 2004 1010 0505 0001 3M02 606
          gb82west12345698765432                     | iban: gb82west12345698765432
          DE89370400440532013001                     |
          4111 1111 1111 1111                        | credit-card: 4111 1111 1111 1111
          x 5555-5555-5555-4444, 9                   | credit-card: 5555-5555-5555-4444
          卡号４１１１１１１１１１１１１１１１               | credit-card: ４１１１１１１１１１１１１１１１
          378282246310005                            | credit-card: 378282246310005
          4111 1111 1111 1112, 0000000000000000      |
          411111111111111111111111111                |
          """)
  void findsPersonalDataAndNotWhatLooksAlike(String text, String found) {
    assertThat(found(text, PII)).isEqualTo(found == null ? List.of() : List.of(found));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          (Project\u00a0 FALCON)        | terms[0]: Project\u00a0 FALCON
          pro\u00adject fal\u200bcon    | terms[0]: pro\u00adject fal\u200bcon
          projectfalcon                 |
          project falcons               |
          project_falcon                |
          最近project falcon很好           | terms[0]: project falcon
          STRAßE 7                      | terms[1]: STRAßE 7
          falcon  x                     | terms[2]: falcon  x
          """)
  void findsTermsAsWholeWordsInWhateverForm(String text, String found) {
    assertThat(found(text, TERMS)).isEqualTo(found == null ? List.of() : List.of(found));
  }

  @Test
  void findsTermsThatOverlap() {
    assertThat(found("project falcon x", TERMS))
        .containsExactlyInAnyOrder("terms[0]: project falcon", "terms[2]: falcon x");
  }

  @Test
  void findsWhatAPatternMatches() {
    assertThat(found("ACME-123456 ACME-12 ACME-654321", pattern("ACME-[0-9]{6}")))
        .containsExactly("pattern: ACME-123456", "pattern: ACME-654321");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((((a{100}){100}){100}){100})",
        "(a{99}){99}",
        "(?:a{500}|b{500}){2}",
        "a*",
        "^",
        "\\b",
        "(?=a)",
        "(a)\\1",
        "(",
        "[z-a]",
        "ﬁ",
        "",
      })
  void takesNoPatternThatCannotBeRunOrIsEverywhere(String pattern) {
    assertThatThrownBy(() -> Guard.check(pattern(pattern))).isInstanceOf(BadDetector.class);
  }

  @Test
  void endsASearchThatWouldTakeTooLong() {
    String text = "a".repeat(200_000);

    assertThatThrownBy(() -> found(text, pattern("a.*b|a")))
        .isInstanceOf(ScanBudget.Exceeded.class);
  }

  @Property(tries = 300)
  void findsWhatIsPlantedInWhateverStandsAround(
      @ForAll @StringLength(max = 40) String before, @ForAll @StringLength(max = 40) String after) {
    String planted = " \u0001project falcon\u0001 ";

    List<String> found = found(before + planted + after, TERMS);

    assertThat(found).contains("terms[0]: project falcon");
  }

  @Property(tries = 300)
  void tellsPlacesThatAreInTheText(@ForAll @StringLength(max = 200) String text) {
    Guard guard =
        new Guard(
            "acme", "all", Set.of(Side.INPUT), List.of(PII, SECRETS, TERMS, pattern("[0-9]+")));
    guard.search(
        new SearchText(text),
        ScanBudget.ofRequest(),
        (detector, rule, start, end) ->
            assertThat(start).isBetween(0, end - 1).isLessThan(text.length()));
  }

  private static Detector pattern(String pattern) {
    return new Detector.Matching(pattern, Action.FLAG);
  }

  private static List<String> found(String text, Detector... detectors) {
    List<String> found = new ArrayList<>();
    new Guard("acme", "g", Set.of(Side.INPUT), Arrays.asList(detectors))
        .search(
            new SearchText(text),
            ScanBudget.ofRequest(),
            (detector, rule, start, end) ->
                found.add(rule.name() + ": " + text.substring(start, end)));
    return found;
  }
}
