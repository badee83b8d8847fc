package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Words and runs of characters one after the other, each run as long as it can be: a regular
 * expression that never goes back. A run at the end that may be longer than the form allows is cut
 * there, so that nobody hides a token by writing on; one of a fixed length has to end there.
 */
final class TokenForm implements Form {

  private sealed interface Piece {
    int endAt(String text, int at, boolean last);
  }

  private record Word(String word, boolean anyCase) implements Piece {

    @Override
    public int endAt(String text, int at, boolean last) {
      int known = Math.min(word.length(), text.length() - at);
      if (!text.regionMatches(anyCase, at, word, 0, known)) {
        return NONE;
      }
      return known < word.length() ? Form.cutOff(last) : at + known;
    }
  }

  private record Run(AsciiSet of, int least, int most) implements Piece {

    @Override
    public int endAt(String text, int start, boolean last) {
      int end = Form.run(of, text, start, most, last);
      return end >= 0 && end - start < least ? NONE : end;
    }

    /** Whether a run of a fixed length ends where it should. */
    int closing(String text, int end, boolean last) {
      if (least < most) {
        return end;
      }
      if (end < text.length() && of.has(text.charAt(end))) {
        return NONE;
      }
      return Form.closing(text, end, last);
    }
  }

  private final List<Piece> pieces;
  private final int head; // pieces before what is found
  private final Predicate<String> check;

  private TokenForm(List<Piece> pieces, int head, Predicate<String> check) {
    this.pieces = List.copyOf(pieces);
    this.head = head;
    this.check = check;
  }

  /** A form that begins with a word, in just these letters. */
  static TokenForm of(String word) {
    return new TokenForm(List.of(new Word(word, false)), 0, all -> true);
  }

  /** A form that begins with a word in capitals or not. */
  static TokenForm ofAnyCase(String word) {
    return new TokenForm(List.of(new Word(word, true)), 0, all -> true);
  }

  TokenForm word(String word) {
    return with(new Word(word, false));
  }

  TokenForm run(AsciiSet of, int length) {
    return run(of, length, length);
  }

  TokenForm run(AsciiSet of, int least, int most) {
    return with(new Run(of, least, most));
  }

  /** What was told up to here is needed, but not what is found. */
  TokenForm found() {
    return new TokenForm(pieces, pieces.size(), check);
  }

  /** Counts only if what is found holds what it says about itself. */
  TokenForm checked(Predicate<String> check) {
    return new TokenForm(pieces, head, check);
  }

  private TokenForm with(Piece piece) {
    List<Piece> more = new ArrayList<>(pieces);
    more.add(piece);
    return new TokenForm(more, head, check);
  }

  @Override
  public int endAt(String text, int start, boolean last) {
    int end = end(pieces, text, start, last);
    if (end >= 0 && pieces.getLast() instanceof Run run) {
      end = run.closing(text, end, last);
    }
    return end < 0 || check.test(text.substring(startOf(text, start), end)) ? end : NONE;
  }

  private static int end(List<Piece> pieces, String text, int start, boolean last) {
    int at = start;
    for (Piece piece : pieces) {
      at = piece.endAt(text, at, last);
      if (at < 0) {
        return at;
      }
    }
    return at;
  }

  @Override
  public int startOf(String text, int at) {
    return end(pieces.subList(0, head), text, at, false);
  }
}
