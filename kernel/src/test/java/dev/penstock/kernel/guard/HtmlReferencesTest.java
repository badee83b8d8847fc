package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

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

class HtmlReferencesTest {

  private static final Guard GUARD =
      new Guard(
          "acme",
          "all",
          Set.of(Side.OUTPUT),
          List.of(
              new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT),
              new Detector.Terms(List.of("a&b", "falcon"), Action.REDACT)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          bob&#64;acme                | bob@acme
          bob&#064acme                | bob@acme
          bob&#x40;a &#X4A;           | bob@a J
          &commat;&period;&lt;        | @.<
          b&shy;o&zwj;b&#8203;        | bob
          &#65312;                    | @
          &#0; &#xD800; &#9999999;    | &#0; &#xD800; &#9999999;
          &; &# &#x; &nothing; a&b &  | &; &# &#x; &nothing; a&b &
          &lt                         | &lt
          &amp;#64;                   | &#64;
          """)
  void readsWhatTheyStandFor(String text, String meant) {
    assertThat(NormalText.normalize(text)).isEqualTo(meant);
  }

  @Test
  void tellsWhereTheyStand() {
    List<String> found = new ArrayList<>();
    String text = "write to &#98;ob&commat;acme&#46;example&#33;";
    GUARD.search(
        new SearchText(text),
        ScanBudget.ofRequest(),
        (detector, rule, start, end) -> found.add(text.substring(start, end)));

    assertThat(found).containsExactly("&#98;ob&commat;acme&#46;example");
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "&", "#", "x", "64", "4", "0;", ";", "&#", "&#64", "&#x4", "&commat", "&comma", "bob",
            "@", "acme", ".com", " ", "a&amp;", "b", "fal", "&shy;", "con", "é", "&#769;", "-",
            "\u0301")
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 5_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    CutTexts.assertCutsChangeNothing(GUARD, TextForm.PLAIN, pieces);
  }
}
