package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Words one after the other, in capitals or not, with little between them. It is stated as places
 * with spaces between: words with bars between of which one has to stand there; a question mark
 * behind them says that none need to. A word that may be left out stands for no place behind it,
 * since nothing is tried a second time.
 */
final class PhraseForm implements Form {

  private static final int MAX_BETWEEN = 4;
  private static final int MAX_WORD = 24;

  private record Place(List<String> words, boolean optional) {}

  private final List<Place> places;

  PhraseForm(String stated) {
    places = Arrays.stream(stated.split(" ")).map(PhraseForm::place).toList();
    if (places.getLast().optional() || places.getFirst().optional() || isAmbiguous()) {
      throw new IllegalArgumentException(stated + " (expected: to be read in one way)");
    }
  }

  private static Place place(String stated) {
    boolean optional = stated.endsWith("?");
    String words = optional ? stated.substring(0, stated.length() - 1) : stated;
    return new Place(List.of(words.split("\\|")), optional);
  }

  private boolean isAmbiguous() {
    for (int i = 0; i < places.size(); i++) {
      for (int j = i; places.get(j).optional(); j++) {
        if (!Collections.disjoint(places.get(i).words(), places.get(j + 1).words())) {
          return true;
        }
      }
    }
    return false;
  }

  /** What it may begin with. */
  AsciiSet firsts() {
    StringBuilder firsts = new StringBuilder();
    for (String word : places.getFirst().words()) {
      firsts.append(word.charAt(0)).append(Character.toUpperCase(word.charAt(0)));
    }
    return AsciiSet.of(firsts.toString());
  }

  @Override
  public int endAt(String text, int start, boolean last) {
    int at = start;
    int place = 0;
    while (true) {
      int end = endOfWord(text, at);
      if (end - at > MAX_WORD) {
        return NONE;
      }
      if (end == text.length() && !last) {
        return mayBecome(text, at, place) ? OPEN : NONE;
      }
      place = placeOf(text, at, end, place);
      if (place == places.size()) {
        return NONE;
      }
      if (++place == places.size()) {
        return end;
      }
      at = nextWord(text, end, last);
      if (at < 0) {
        return at;
      }
    }
  }

  private static int endOfWord(String text, int start) {
    int at = start;
    int limit = Math.min(text.length(), start + MAX_WORD + 1);
    while (at < limit && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Where a word may stand from a place on; none: behind the last place. */
  private int placeOf(String text, int start, int end, int from) {
    for (int i = from; i < places.size(); i++) {
      for (String word : places.get(i).words()) {
        if (word.length() == end - start && text.regionMatches(true, start, word, 0, end - start)) {
          return i;
        }
      }
      if (!places.get(i).optional()) {
        break;
      }
    }
    return places.size();
  }

  /** Whether the beginning of a word, or none, at the end of a text may become one that fits. */
  private boolean mayBecome(String text, int start, int from) {
    int length = text.length() - start;
    for (int i = from; i < places.size(); i++) {
      for (String word : places.get(i).words()) {
        if (word.length() >= length && text.regionMatches(true, start, word, 0, length)) {
          return true;
        }
      }
      if (!places.get(i).optional()) {
        break;
      }
    }
    return false;
  }

  private static int nextWord(String text, int end, boolean last) {
    for (int at = end; at <= end + MAX_BETWEEN; at++) {
      if (at == text.length()) {
        return Form.cutOff(last);
      }
      if (Character.isLetterOrDigit(text.charAt(at))) {
        return at;
      }
    }
    return NONE;
  }
}
