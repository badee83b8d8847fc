package dev.penstock.kernel.guard;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text in Unicode's form NFKC and without characters that nobody sees (format characters such as
 * the zero-width space, variation selectors), which knows for each character where it came from. So
 * full-width digits, ligatures and soft hyphens are no way around a guard. A text of ASCII is its
 * own.
 */
final class NormalText {

  /** UAX #15, "Stream-Safe Text Format": no language has longer runs, and sorting one costs. */
  private static final int MAX_MARKS = 30;

  private final String text;
  private final int[] starts; // of the original, for each character; empty where they are the same
  private final int[] ends;

  private NormalText(String text, int[] starts, int[] ends) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  static NormalText of(String original) {
    for (int i = 0; i < original.length(); i++) {
      if (original.charAt(i) >= 0x80) {
        return new Writing(original).run();
      }
    }
    return new NormalText(original, new int[0], new int[0]);
  }

  /** A text of which only the form counts. */
  static String normalize(String original) {
    return of(original).text();
  }

  String text() {
    return text;
  }

  /** Tells of what is found in the normal form where it stands in the original. */
  Found toOriginal(Found found) {
    return starts.length == 0
        ? found
        : (rule, start, end) -> found.at(rule, starts[start], ends[end - 1]);
  }

  /**
   * Goes through the original piece by piece; a piece is a character with what combines with it.
   */
  private static final class Writing {

    private final String original;
    private final StringBuilder out;
    private int[] starts;
    private int[] ends;

    Writing(String original) {
      this.original = original;
      out = new StringBuilder(original.length() + 16);
      starts = new int[original.length() + 16];
      ends = new int[original.length() + 16];
    }

    NormalText run() {
      int at = 0;
      while (at < original.length()) {
        int end = endOfPiece(at);
        if (end == at + 1 && original.charAt(at) < 0x80) {
          append(original.charAt(at), at, end);
        } else {
          Normalizer.normalize(original.substring(at, end), Normalizer.Form.NFKC)
              .codePoints()
              .filter(codePoint -> !isInvisible(codePoint))
              .forEach(new Piece(at, end)::append);
        }
        at = end;
      }
      // Never empty arrays: those stand for a text that is its own normal form.
      return new NormalText(out.toString(), starts, ends);
    }

    private final class Piece {
      private final int start;
      private final int end;

      Piece(int start, int end) {
        this.start = start;
        this.end = end;
      }

      void append(int codePoint) {
        for (char c : Character.toChars(codePoint)) {
          Writing.this.append(c, start, end);
        }
      }
    }

    private void append(char c, int start, int end) {
      if (out.length() == starts.length) {
        int larger = starts.length + (starts.length >> 1);
        starts = Arrays.copyOf(starts, larger);
        ends = Arrays.copyOf(ends, larger);
      }
      starts[out.length()] = start;
      ends[out.length()] = end;
      out.append(c);
    }

    private int endOfPiece(int start) {
      int at = start + Character.charCount(original.codePointAt(start));
      for (int marks = 0; marks < MAX_MARKS && at < original.length(); marks++) {
        char next = original.charAt(at);
        if (next < 0x80) {
          break; // most often
        }
        int codePoint = original.codePointAt(at);
        if (!combines(codePoint)) {
          break;
        }
        at += Character.charCount(codePoint);
      }
      return at;
    }

    /** Whether a code point can become one with what stands before it. */
    private static boolean combines(int codePoint) {
      boolean jamo = codePoint >= 0x1160 && codePoint <= 0x11FF;
      boolean halfWidthVoice = codePoint == 0xFF9E || codePoint == 0xFF9F;
      return jamo
          || halfWidthVoice
          || switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                Character.COMBINING_SPACING_MARK,
                Character.ENCLOSING_MARK ->
                true;
            default -> false;
          };
    }

    private static boolean isInvisible(int codePoint) {
      return Character.getType(codePoint) == Character.FORMAT
          || codePoint == 0x034F
          || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
          || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
    }
  }
}
