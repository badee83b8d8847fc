package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64ScanTest {

  private static final TextScan SCAN =
      new Base64Scan(List.of(new EmailScan(), TermScan.of(List.of("Straße >?~ falcon"))));

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@acme.example",
        "bob@acme.example.",
        "\tbob@acme.example\r\n",
        "é bob@acme.ex"
      })
  void findsWhatARunComesTo(String text) {
    String run = encoded(text);
    String bare = run.replace("=", "");

    assertThat(CutTexts.whole(SCAN, "a=" + run + ", b")).containsExactly("email: " + run);
    assertThat(CutTexts.whole(SCAN, "(" + bare + ")")).containsExactly("email: " + bare);
    CutTexts.assertCutsChangeNothing(SCAN, List.of("a=" + run + ", b " + bare));
  }

  @Test
  void readsBothAlphabets() {
    String run = encoded("Straße >?~ falcon");
    String other = run.replace('+', '-').replace('/', '_');

    assertThat(other).isNotEqualTo(run);
    assertThat(CutTexts.whole(SCAN, run)).containsExactly("terms[0]: " + run);
    assertThat(CutTexts.whole(SCAN, other)).containsExactly("terms[0]: " + other);
  }

  @Test
  void passesOverWhatIsNoTextOrTooShort() {
    assertThat(CutTexts.whole(SCAN, encoded("b@a.io"))).isEmpty();
    assertThat(CutTexts.whole(SCAN, encoded("\u0000bob@acme.example"))).isEmpty();
    assertThat(CutTexts.whole(SCAN, "x" + encoded("bob@acme.example"))).isEmpty();
  }

  @Test
  void searchesTheBeginningOfALongRun() {
    String run = encoded("bob@acme.example " + "x".repeat(10_000));

    assertThat(CutTexts.whole(SCAN, run)).containsExactly("email: " + run.substring(0, 4_096));
    assertThat(CutTexts.waiting(SCAN, run)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"'hello', 0", "'Ym9i', 4", "'Ym9i ', 0", "'Ym9iQGFjbWUuZXhhbXBsZQ==', 0"})
  void onlyWhatIsTextSoFarWaits(String text, int waiting) {
    assertThat(CutTexts.waiting(SCAN, text)).isEqualTo(waiting);
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    List<String> of = new ArrayList<>(List.of(" ", "=", "==", "-", "/", "x", "é", "hello", "\n"));
    for (String text : List.of("bob@acme.example", "Straße >?~ falcon", "bob@a", "\u0001", "äöü")) {
      String run = encoded(text);
      of.addAll(List.of(run, run.replace("=", ""), run.substring(0, run.length() / 2)));
      of.add(run.substring(run.length() / 2));
    }
    return Arbitraries.of(of).list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(tries = 3_000)
  void howATextIsCutChangesNothing(@ForAll("pieces") List<String> pieces) {
    CutTexts.assertCutsChangeNothing(SCAN, pieces);
  }
}
