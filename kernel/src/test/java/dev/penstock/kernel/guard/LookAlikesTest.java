package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.SpoofChecker;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table is held against Unicode's confusables as ICU has them. */
class LookAlikesTest {

  private static final SpoofChecker ICU = new SpoofChecker.Builder().build();
  private static final String ASCII = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final Set<UnicodeScript> SCRIPTS =
      EnumSet.of(
          UnicodeScript.LATIN,
          UnicodeScript.GREEK,
          UnicodeScript.CYRILLIC,
          UnicodeScript.ARMENIAN,
          UnicodeScript.CHEROKEE);
  private static final TextScan SCAN =
      TermScan.byLooks(List.of("project falcon", "falcon", "kite 7", "сокол"));

  private static boolean isConfusable(char c, char ascii) {
    String skeleton = ICU.getSkeleton(String.valueOf(c));
    return skeleton.equals(ICU.getSkeleton(String.valueOf(ascii)))
        || skeleton.equals(ICU.getSkeleton(String.valueOf(Character.toUpperCase(ascii))));
  }

  private static boolean isSmallCapital(char c, char ascii) {
    return Character.getName(c)
        .equals("LATIN LETTER SMALL CAPITAL " + Character.toUpperCase(ascii));
  }

  private static IntStream letters() {
    return IntStream.range(0x80, 0x10000)
        .filter(Character::isLetterOrDigit)
        .filter(c -> Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFKC));
  }

  @Test
  void hasNothingThatUnicodeDoesNotHave() {
    assertThat(
            letters()
                .mapToObj(c -> (char) c)
                .filter(c -> LookAlikes.of(c) != c)
                .filter(c -> !isConfusable(c, LookAlikes.of(c)))
                .filter(c -> !isSmallCapital(c, LookAlikes.of(c))))
        .isEmpty();
  }

  @Test
  void hasAllOfItsScripts() {
    assertThat(
            letters()
                .mapToObj(c -> (char) c)
                .filter(c -> SCRIPTS.contains(UnicodeScript.of(c)))
                .filter(c -> ASCII.chars().anyMatch(ascii -> isConfusable(c, (char) ascii)))
                .filter(c -> LookAlikes.of(c) == c))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the Рrоjесt  Fаlсоn was   | terms[0]: Рrоjесt  Fаlсоn,terms[1]: Fаlсоn
          FАLCON                    | terms[1]: FАLCON
          ꜰalᴄᴏn                    | terms[1]: ꜰalᴄᴏn
          falcon                    |
          KІTE 7                    | terms[2]: KІTE 7
          xFаlcon                   |
          сокол                     |
          """)
  void findsTermsByTheirLooks(String text, String found) {
    assertThat(CutTexts.whole(SCAN, text))
        .containsExactlyInAnyOrder(found == null ? new String[0] : found.split(","));
  }

  /** Russian for "juice" is written like an English word, and means none. */
  @Test
  void takesNoHonestWordOfAnotherScriptForATerm() {
    TextScan scan = TermScan.byLooks(List.of("cop", "cok"));

    assertThat(CutTexts.whole(scan, "сор и СОК")).isEmpty();
    assertThat(CutTexts.whole(scan, "a cоp")).containsExactly("terms[0]: cоp");
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "project", " ", "рrо", "jесt", "falcon", "fаl", "соn", "x", "сокол", "с", "k", "kіt",
            "e 7", "7", "\n", "é")
        .list()
        .ofMinSize(1)
        .ofMaxSize(10);
  }

  @Property(tries = 3_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    List<String> told = new ArrayList<>(CutTexts.whole(SCAN, String.join("", pieces)));

    assertThat(CutTexts.inPieces(SCAN, pieces)).containsExactlyInAnyOrderElementsOf(told);
  }
}
