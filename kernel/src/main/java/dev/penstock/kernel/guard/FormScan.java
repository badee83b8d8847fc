package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds things by how they begin: one look at a character says which forms may begin with it, and
 * most characters begin none. Of several forms at a place the first one that fits counts, and the
 * search goes on behind it. A form has to be told by a bounded number of characters, or by ones
 * that no other beginning looks at: then the search takes time in proportion to the text.
 */
final class FormScan implements TextScan {

  /**
   * @param firsts the characters with which it may begin
   */
  record Kind(Rule rule, AsciiSet firsts, Form form) {}

  private static final Kind[] NO_KINDS = {};

  private final Kind[][] byFirst = new Kind[128][];

  FormScan(List<Kind> kinds) {
    for (char c = 0; c < byFirst.length; c++) {
      List<Kind> ofFirst = new ArrayList<>();
      for (Kind kind : kinds) {
        if (kind.firsts().has(c)) {
          ofFirst.add(kind);
        }
      }
      byFirst[c] = ofFirst.isEmpty() ? NO_KINDS : ofFirst.toArray(Kind[]::new);
    }
  }

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      Kind[] kinds = c < byFirst.length ? byFirst[c] : NO_KINDS;
      int end = kinds.length == 0 ? Form.NONE : tell(kinds, text, at, last, found);
      if (end == Form.OPEN) {
        return at;
      }
      at = end == Form.NONE ? at + 1 : end;
    }
    return at;
  }

  private static int tell(Kind[] kinds, String text, int at, boolean last, Found found) {
    if (Words.isAsciiWord(text.charAt(at)) && !Words.opensAt(text, at)) {
      return Form.NONE;
    }
    for (Kind kind : kinds) {
      int end = kind.form().endAt(text, at, last);
      if (end == Form.OPEN) {
        return end;
      }
      if (end != Form.NONE) {
        found.at(kind.rule(), kind.form().startOf(text, at), end);
        return end;
      }
    }
    return Form.NONE;
  }
}
