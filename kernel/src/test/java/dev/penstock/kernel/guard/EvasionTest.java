package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is said in the documents of ways around a guard is what the code does. */
class EvasionTest {

  private static final Path PAGE = Path.of("../docs/guards.md");
  private static final String BEGIN =
      "<!-- evasion: made of a run by EvasionTest; run it with -Devasion=write -->\n";
  private static final String END = "<!-- end of evasion -->\n";

  private record Target(String text, Detector detector) {}

  private static final Map<String, Target> TARGETS = new LinkedHashMap<>();

  static {
    TARGETS.put("email", pii("bob@acme.example", PiiEntity.EMAIL));
    TARGETS.put("phone", pii("+49 30 901820", PiiEntity.PHONE));
    TARGETS.put("iban", pii("DE89 3704 0044 0532 0130 00", PiiEntity.IBAN));
    TARGETS.put("credit-card", pii("4111 1111 1111 1111", PiiEntity.CREDIT_CARD));
    TARGETS.put("us-ssn", pii("219-09-9999", PiiEntity.US_SSN));
    TARGETS.put("AWS key", secret("AKIA" + "IOSFODNN7EXAMPLE"));
    TARGETS.put("GitHub token", secret("ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"));
    TARGETS.put(
        "private key",
        secret("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"));
    TARGETS.put(
        "term",
        new Target("project falcon", new Detector.Terms(List.of("project falcon"), Action.REDACT)));
    TARGETS.put(
        "pattern",
        new Target("ACME-123456", new Detector.Matching("ACME-[0-9]{6}", Action.REDACT)));
  }

  private static Target pii(String text, PiiEntity entity) {
    return new Target(text, new Detector.Pii(List.of(entity), Action.REDACT));
  }

  private static Target secret(String text) {
    return new Target(text, new Detector.Secrets(Action.REDACT));
  }

  /** With {@code -Devasion=write} it is written instead. */
  @Test
  void isWhatTheDocumentsSay() throws IOException {
    String page = Files.readString(PAGE);
    String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
    String made = before + table() + page.substring(page.indexOf(END));
    if ("write".equals(System.getProperty("evasion"))) {
      Files.writeString(PAGE, made);
    }

    assertThat(Files.readString(PAGE))
        .as("docs/guards.md is not of this code: run the test with -Devasion=write")
        .isEqualTo(made);
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| hidden by | ");
    table.append(String.join(" | ", TARGETS.keySet())).append(" |\n|---|");
    table.append("---|".repeat(TARGETS.size())).append('\n');
    for (Evasion evasion : Evasion.ALL) {
      table.append("| ").append(evasion.name()).append(" | ");
      table.append(
          TARGETS.values().stream()
              .map(target -> isCaught(evasion, target) ? "yes" : "no")
              .collect(Collectors.joining(" | ")));
      table.append(" |\n");
    }
    return table.toString();
  }

  /** Whether all of it is found, in the whole text and in one that comes character by character. */
  private static boolean isCaught(Evasion evasion, Target target) {
    String before = "we say: ";
    String hidden = evasion.write().apply(target.text());
    String text = before + hidden + " , and more";
    List<long[]> whole = inPieces(evasion.form(), List.of(text), target.detector());
    List<String> characters = text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
    assertThat(inPieces(evasion.form(), characters, target.detector()))
        .as("%s, %s", evasion.name(), target.detector().type())
        .usingRecursiveComparison()
        .isEqualTo(whole);
    if (evasion.form() == TextForm.PLAIN) {
      assertThat(inRequest(text, target.detector())).usingRecursiveComparison().isEqualTo(whole);
    }
    long covered = before.length();
    for (long[] find : whole) {
      covered = find[0] <= covered ? Math.max(covered, find[1]) : covered;
    }
    return covered >= before.length() + hidden.length();
  }

  private static Guard guard(Detector detector) {
    return new Guard("acme", "one", Set.of(Side.INPUT), List.of(detector));
  }

  private static List<long[]> inRequest(String text, Detector detector) {
    List<long[]> finds = new ArrayList<>();
    guard(detector)
        .search(
            new SearchText(text),
            ScanBudget.ofRequest(),
            (at, rule, start, end) -> finds.add(new long[] {start, end}));
    return sorted(finds);
  }

  private static List<long[]> inPieces(TextForm form, List<String> pieces, Detector detector) {
    List<long[]> finds = new ArrayList<>();
    GrowingText text =
        new GrowingText(
            guard(detector).watches(0, true),
            form,
            ScanBudget.ofRequest(),
            (watch, rule, start, end) -> finds.add(new long[] {start, end}));
    pieces.forEach(text::append);
    text.settle();
    return sorted(finds);
  }

  private static List<long[]> sorted(List<long[]> finds) {
    finds.sort(
        Comparator.<long[]>comparingLong(find -> find[0]).thenComparingLong(find -> find[1]));
    return finds;
  }
}
