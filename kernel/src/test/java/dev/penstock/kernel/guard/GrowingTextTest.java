package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kernel.guard.CutTexts.Find;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever pieces a text comes in: the same is found, and nothing waits longer than it has to. */
class GrowingTextTest {

  private static final Guard GUARD =
      new Guard(
          "acme",
          "all",
          Set.of(Side.OUTPUT),
          List.of(
              new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT),
              new Detector.Terms(
                  List.of("project falcon", "falcon", "falcon eye", "café", "été", "漢字"),
                  Action.REDACT),
              new Detector.Matching("ACME-[0-9]{6}", Action.REDACT),
              new Detector.Matching(
                  "(?i)(?:key|token)s?\\s*[:=]+\\s*\\b[a-f0-9]{4,}\\b", Action.REDACT),
              new Detector.Matching("(?m)^é+ok$|x{2,3}y?z", Action.REDACT)));

  private static List<Watch> watches() {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < GUARD.detectors().size(); i++) {
      watches.addAll(GUARD.watches(i, true));
    }
    return watches;
  }

  private static List<Find> finds(List<String> pieces) {
    return CutTexts.finds(GUARD, TextForm.PLAIN, pieces);
  }

  /** Pieces of what the detectors look for, and of what surrounds it. */
  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "bob",
            "@",
            "acme",
            ".",
            "example",
            "com",
            " ",
            "  ",
            "\n",
            "-",
            "_",
            "+",
            "(",
            ")",
            "/",
            "49",
            "0",
            "00",
            "030",
            "555",
            "1",
            "1234",
            "4111",
            "4111 1111 ",
            "1111",
            "5500 0000",
            "DE",
            "89",
            "DE89 3704 0044 ",
            "0532 0130 00",
            "gb",
            "project",
            " falcon",
            "Fal",
            "con",
            " eye",
            "caf",
            "é",
            "e",
            "\u0301",
            "\u200b",
            "ﬁ",
            "t",
            "漢",
            "字",
            "ACME-",
            "ACME",
            "123456",
            "12",
            "key",
            "tokens",
            ":",
            "=",
            "af09",
            "ok",
            "xx",
            "x",
            "y",
            "z",
            "ＡＣＭＥ",
            "１２",
            ",",
            "@@",
            "..",
            "a.b",
            "😀")
        .list()
        .ofMinSize(1)
        .ofMaxSize(14);
  }

  @Property(tries = 20_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    CutTexts.assertCutsChangeNothing(GUARD, TextForm.PLAIN, pieces);
  }

  @Test
  void theWholeIsSearchedAsRequestsAre() {
    String text = "café bob@acme.example, ACME-123456 and Project  Falcon 4111 1111 1111 1111";
    List<Find> asRequest = new ArrayList<>();
    GUARD.search(
        new SearchText(text),
        ScanBudget.ofRequest(),
        (detector, rule, start, end) -> asRequest.add(new Find(detector, rule, start, end)));
    assertThat(finds(List.of(text)).stream().map(f -> f.rule().name() + f.start() + "-" + f.end()))
        .containsExactlyInAnyOrderElementsOf(
            asRequest.stream().map(f -> f.rule().name() + f.start() + "-" + f.end()).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "'It is done. ', 0",
    "'in 2024 ', 0",
    "'hello', 5",
    "'write to bob@acme.exa', 12",
    "'write to bob@acme.example ', 0",
    "'card 4111 1111', 9",
    "'999, ', 0",
    "'the Project ', 8",
    "'the projects ', 0",
    "'see ACME-12', 7",
    "'see ACME-1a ', 0",
    "'call (030) ', 6",
  })
  void onlyWhatCanStillMatchWaits(String text, int waiting) {
    GrowingText growing =
        new GrowingText(
            watches(), TextForm.PLAIN, ScanBudget.ofRequest(), (watch, rule, start, end) -> {});
    growing.append(text);
    assertThat(growing.length() - growing.settled()).isEqualTo(waiting);
  }

  /** RE2 takes it for one of what stands before, which nobody means. */
  @ParameterizedTest
  @ValueSource(strings = {"xa\\Q\\E*y", ".(?i){2,}b", "\\A[[:alpha:]](?s)+^[ab]", "\\b(?)*?b|"})
  void aQuantifierOfNothingIsRefused(String pattern) {
    assertThatThrownBy(() -> Guard.check(new Detector.Matching(pattern, Action.REDACT)))
        .isInstanceOf(BadDetector.class);
  }
}
