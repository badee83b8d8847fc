package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Nothing of what is redacted leaves, all else does, in order and once. */
class GuardedTextTest {

  private static final Guard GUARD =
      new Guard(
          "acme",
          "all",
          Set.of(Side.OUTPUT),
          List.of(
              new Detector.Pii(List.of(PiiEntity.EMAIL, PiiEntity.CREDIT_CARD), Action.REDACT),
              new Detector.Terms(List.of("project falcon"), Action.REDACT),
              new Detector.Matching("ACME-[0-9]{6}", Action.REDACT)));

  private static List<Watch> watches() {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < GUARD.detectors().size(); i++) {
      watches.addAll(GUARD.watches(i, true));
    }
    return watches;
  }

  private static String leaves(TextForm form, List<String> pieces) {
    GuardedText text =
        new GuardedText(watches(), form, ScanBudget.ofRequest(), (watch, rule, start) -> true);
    Deque<String> waiting = new ArrayDeque<>();
    StringBuilder left = new StringBuilder();
    long out = 0;
    for (String piece : pieces) {
      waiting.add(piece);
      text.append(piece);
      while (!waiting.isEmpty() && out + waiting.element().length() <= text.settled()) {
        out += waiting.element().length();
        left.append(text.take(waiting.remove()));
      }
    }
    text.settle();
    waiting.forEach(piece -> left.append(text.take(piece)));
    return left.toString();
  }

  private record Planted(String text, String placeholder) {}

  private static final List<Planted> PLANTED =
      List.of(
          new Planted("bob@acme.example", "[EMAIL]"),
          new Planted("4111 1111 1111 1111", "[CREDIT-CARD]"),
          new Planted("Project  Falcon", "[TERM]"),
          new Planted("ACME-123456", "[PATTERN]"));

  @Provide
  Arbitrary<List<Object>> texts() {
    Arbitrary<Object> words =
        Arbitraries.of(
            "to", "the point", "in 2024", "é", "😀", "proj", "x@", "4111", "ACME-1", "a\"b\\");
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(2, words),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(PLANTED).map(Object.class::cast)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 9).list().ofMinSize(1).ofMaxSize(12);
  }

  private static List<String> cut(String text, List<Integer> sizes) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    for (int i = 0; at < text.length(); i++) {
      int end = Math.min(text.length(), at + sizes.get(i % sizes.size()));
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  @Property(tries = 20_000)
  void nothingPlantedLeavesAndAllElseDoes(
      @ForAll("texts") List<Object> parts, @ForAll("cuts") List<Integer> cuts) {
    StringBuilder text = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (Object part : parts) {
      boolean planted = part instanceof Planted;
      text.append(part instanceof Planted(String what, String _) ? what : part).append("; ");
      expected
          .append(part instanceof Planted(String _, String instead) ? instead : part)
          .append("; ");
      assertThat(planted || part instanceof String).isTrue();
    }
    assertThat(leaves(TextForm.PLAIN, cut(text.toString(), cuts))).isEqualTo(expected.toString());
  }

  /** Strings with escapes, numbers, names: what is redacted is gone, and it is JSON still. */
  @Property(tries = 20_000)
  void jsonStaysJson(@ForAll("texts") List<Object> parts, @ForAll("cuts") List<Integer> cuts)
      throws JsonProcessingException {
    JsonMapper json = new JsonMapper();
    var object = json.createObjectNode();
    var expected = json.createObjectNode();
    for (int i = 0; i < parts.size(); i++) {
      String name = "f" + i;
      if (parts.get(i) instanceof Planted(String what, String instead)) {
        if (what.startsWith("4111") && i % 2 == 0) {
          object.put(name, Long.parseLong(what.replace(" ", "")));
          expected.put(name, instead);
        } else {
          object.put(name, "x, " + what);
          expected.put(name, "x, " + instead);
        }
      } else {
        object.put(name, parts.get(i) + ";");
        expected.put(name, parts.get(i) + ";");
      }
      object.put("n" + i, 4111);
      expected.put("n" + i, 4111);
    }
    String written = json.writeValueAsString(object);
    assertThat(json.readTree(leaves(TextForm.JSON, cut(written, cuts)))).isEqualTo(expected);
    String escaped = written.replace("@", "\\u0040").replace("A", "\\u0041");
    assertThat(json.readTree(leaves(TextForm.JSON, cut(escaped, cuts)))).isEqualTo(expected);
  }

  @Test
  void aNumberGoesAsAWhole() {
    assertThat(
            leaves(
                TextForm.JSON,
                List.of("{\"a\":-41111111", "11111111", ".5, \"b\": [4111111111111111]}")))
        .isEqualTo("{\"a\":\"[CREDIT-CARD]\", \"b\": [\"[CREDIT-CARD]\"]}");
  }
}
