package dev.penstock.providersim.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts text as a model's tokens would, never through a character. */
final class Pieces {
  private static final Pattern BEFORE_A_WORD = Pattern.compile("(?<=\\s)(?=\\S)");

  private Pieces() {}

  /**
   * Pieces that joined are the text; none for no text.
   *
   * @param size characters (code points) in each; 0 for a word and the space after it
   */
  static List<String> of(String text, int size) {
    if (text.isEmpty()) {
      return List.of();
    }
    return size == 0 ? Arrays.asList(BEFORE_A_WORD.split(text)) : equal(text, size);
  }

  private static List<String> equal(String text, int size) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int left = text.codePointCount(from, text.length());
      int to = text.offsetByCodePoints(from, Math.min(size, left));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }
}
