package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Feeds a scan a text whole and in pieces. */
final class CutTexts {

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

  private static Found telling(String text, List<String> found) {
    return (rule, start, end) -> found.add(rule.name() + ": " + text.substring(start, end));
  }
}
