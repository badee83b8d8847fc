package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.buffer.ByteSearch;
import dev.penstock.dataplane.guard.AnswerWalk.Piece;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event that was there for one piece of a text alone. Most events of a stream are like the one
 * before but for that piece, and need not be read anew. Immutable.
 */
final class SameShape {

  private final Piece piece;
  private final byte[] before; // with the quote
  private final byte[] behind;

  private SameShape(Piece piece, byte[] before, byte[] behind) {
    this.piece = piece;
    this.before = before;
    this.behind = behind;
  }

  /** Of the data of an event, {@code bytes[from, to)}; null where others will not be like it. */
  static @Nullable SameShape of(AnswerWalk walk, byte[] bytes, int from, int to) {
    boolean plain = walk.isOnePiece() && walk.sequence().isEmpty() && walk.opaque().isEmpty();
    if (!plain) {
      return null;
    }
    Piece piece = walk.pieces().getFirst();
    return new SameShape(
        piece,
        Arrays.copyOfRange(bytes, from, piece.start() + 1),
        Arrays.copyOfRange(bytes, piece.end() - 1, to));
  }

  /** The piece of another event's data, where that is like this one but for the piece. */
  Optional<Piece> piece(byte[] bytes, int from, int to) {
    int start = from + before.length;
    int end = to - behind.length;
    boolean same =
        start <= end
            && Arrays.equals(bytes, from, start, before, 0, before.length)
            && Arrays.equals(bytes, end, to, behind, 0, behind.length)
            && ByteSearch.indexOfEither(bytes, start, end, '"', '\\') == end;
    return same
        ? Optional.of(
            new Piece(
                piece.flow(),
                piece.group(),
                piece.inner(),
                piece.path(),
                start - 1,
                end + 1,
                new String(bytes, start, end - start, StandardCharsets.UTF_8),
                piece.form(),
                true))
        : Optional.empty();
  }
}
