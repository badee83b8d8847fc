package dev.penstock.kernel.guard;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text in Unicode's form NFKC and without characters that nobody sees (format characters such as
 * the zero-width space, variation selectors), with HTML's character references read as what they
 * stand for, which knows for each character where it came from. So full-width digits, ligatures,
 * soft hyphens and {@code &#64;} are no way around a guard. Most texts of ASCII are their own.
 */
final class NormalText {

  /** UAX #15, "Stream-Safe Text Format": no language has longer runs, and sorting one costs. */
  private static final int MAX_MARKS = 30;

  private final String text;
  private final int[] starts; // of the original, for each character; empty where they are the same
  private final int[] ends;
  private final int read; // of the original

  private NormalText(String text, int[] starts, int[] ends, int read) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
    this.read = read;
  }

  /** Of a text that is there as a whole. */
  static NormalText of(String original) {
    return of(original, TextForm.PLAIN, true);
  }

  /**
   * @param last whether the original ends here; if not, what stands at its end and depends on what
   *     follows, such as half an escape, is left out
   */
  static NormalText of(String original, TextForm form, boolean last) {
    for (int i = 0; i < original.length(); i++) {
      char c = original.charAt(i);
      if (c >= 0x80 || c == '&' || (c == '\\' && form == TextForm.JSON)) {
        return new Writing(original, form, last).run();
      }
    }
    return new NormalText(original, new int[0], new int[0], original.length());
  }

  /** A text of which only the form counts. */
  static String normalize(String original) {
    return of(original).text();
  }

  String text() {
    return text;
  }

  /** Characters of the original that it is of. */
  int read() {
    return read;
  }

  /** Tells of what is found in the normal form where it stands in the original. */
  Found toOriginal(Found found) {
    return starts.length == 0
        ? found
        : (rule, start, end) -> found.at(rule, starts[start], ends[end - 1]);
  }

  /** Where a place of the normal form is in the original. */
  int toOriginal(int place) {
    return place == text.length() ? read : starts.length == 0 ? place : starts[place];
  }

  /** The first place of the normal form that comes of what stands at a place of the original. */
  int ofOriginal(int place) {
    if (starts.length == 0) {
      return Math.min(place, text.length());
    }
    int at = Arrays.binarySearch(starts, 0, text.length(), place);
    at = at < 0 ? -at - 1 : at;
    while (at > 0 && starts[at - 1] >= place) {
      at--;
    }
    return at;
  }

  /**
   * Goes through the original piece by piece; a piece is a character with what combines with it.
   */
  private static final class Writing {

    private final String original;
    private final TextForm form;
    private final boolean last;
    private final StringBuilder out;
    private int[] starts;
    private int[] ends;

    Writing(String original, TextForm form, boolean last) {
      this.original = original;
      this.form = form;
      this.last = last;
      out = new StringBuilder(original.length() + 16);
      starts = new int[original.length() + 16];
      ends = new int[original.length() + 16];
    }

    NormalText run() {
      int at = 0;
      while (at < original.length()) {
        char c = original.charAt(at);
        int escape = escapeAt(c, at);
        boolean cut = escape < 0 || (Character.isHighSurrogate(c) && at + 1 == original.length());
        if (cut && !last) {
          break;
        }
        at = escape > 1 ? escape(at, at + escape) : piece(at);
      }
      // Never empty arrays: those stand for a text that is its own normal form.
      return new NormalText(out.toString(), starts, ends, at);
    }

    /** Length of what stands for another character; 1: nothing does, negative: the end cuts it. */
    private int escapeAt(char c, int at) {
      if (c == '&') {
        return HtmlReferences.length(original, at, last);
      }
      return c == '\\' && form == TextForm.JSON ? JsonEscapes.length(original, at) : 1;
    }

    private int escape(int start, int end) {
      if (original.charAt(start) == '&') {
        String meant = Character.toString(HtmlReferences.meant(original, start, end));
        Normalizer.normalize(meant, Normalizer.Form.NFKC)
            .codePoints()
            .filter(each -> !isInvisible(each))
            .forEach(new Piece(start, end)::append);
        return end;
      }
      append(JsonEscapes.meant(original, start), start, end);
      return end;
    }

    private int piece(int at) {
      int end = endOfPiece(at);
      if (end == at + 1 && original.charAt(at) < 0x80) {
        append(original.charAt(at), at, end);
      } else {
        String piece = original.substring(at, end);
        String normal = Normalizer.normalize(piece, Normalizer.Form.NFKC);
        if (normal.equals(piece)) {
          asItIs(at, end);
        } else {
          normal
              .codePoints()
              .filter(each -> !isInvisible(each))
              .forEach(new Piece(at, end)::append);
        }
      }
      return end;
    }

    /** A mark that nothing becomes one with is a character of its own. */
    private void asItIs(int start, int end) {
      int at = start;
      while (at < end) {
        int codePoint = original.codePointAt(at);
        int next = at + Character.charCount(codePoint);
        if (!isInvisible(codePoint)) {
          new Piece(at, next).append(codePoint);
        }
        at = next;
      }
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
