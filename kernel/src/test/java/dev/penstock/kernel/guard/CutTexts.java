package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Feeds a scan, or all that a guard looks for, a text whole and in pieces. */
final class CutTexts {

  /** What a watch of a guard has found in a growing text. */
  record Find(int watch, Rule rule, long start, long end) {}

  private CutTexts() {}

  static List<String> whole(TextScan scan, String text) {
    List<String> found = new ArrayList<>();
    int end = scan.scan(text, 0, true, ScanBudget.ofRequest(), telling(text, found));
    assertThat(end).isEqualTo(text.length());
    return found;
  }

  static List<String> inPieces(TextScan scan, List<String> pieces) {
    List<String> found = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (String piece : pieces) {
      text.append(piece);
      int at = from;
      from =
          scan.scan(
              text.toString(),
              from,
              false,
              ScanBudget.ofRequest(),
              telling(text.toString(), found));
      assertThat(from).isBetween(at, text.length());
    }
    scan.scan(text.toString(), from, true, ScanBudget.ofRequest(), telling(text.toString(), found));
    return found;
  }

  /** How many characters at the end of a growing text it is undecided about. */
  static int waiting(TextScan scan, String text) {
    int open = scan.scan(text, 0, false, ScanBudget.ofRequest(), (rule, start, end) -> {});
    return text.length() - open;
  }

  static void assertCutsChangeNothing(TextScan scan, List<String> pieces) {
    String text = String.join("", pieces);
    List<String> expected = whole(scan, text);
    assertThat(inPieces(scan, pieces)).isEqualTo(expected);
    assertThat(inPieces(scan, text.chars().mapToObj(c -> String.valueOf((char) c)).toList()))
        .isEqualTo(expected);
  }

  /** All that a guard finds in a text that comes so, by watch and place. */
  static List<Find> finds(Guard guard, TextForm form, List<String> pieces) {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < guard.detectors().size(); i++) {
      watches.addAll(guard.watches(i, true));
    }
    List<Find> finds = new ArrayList<>();
    GrowingText text =
        new GrowingText(
            watches,
            form,
            ScanBudget.ofRequest(),
            (watch, rule, start, end) -> finds.add(new Find(watch, rule, start, end)));
    pieces.forEach(text::append);
    text.settle();
    assertThat(text.settled()).isEqualTo(text.length());
    finds.sort(
        Comparator.comparingInt(Find::watch)
            .thenComparingLong(Find::start)
            .thenComparingLong(Find::end));
    return finds;
  }

  static void assertCutsChangeNothing(Guard guard, TextForm form, List<String> pieces) {
    String whole = String.join("", pieces);
    List<Find> expected = finds(guard, form, List.of(whole));
    assertThat(finds(guard, form, pieces)).isEqualTo(expected);
    assertThat(finds(guard, form, whole.chars().mapToObj(c -> String.valueOf((char) c)).toList()))
        .isEqualTo(expected);
  }

  private static Found telling(String text, List<String> found) {
    return (rule, start, end) -> found.add(rule.name() + ": " + text.substring(start, end));
  }
}
