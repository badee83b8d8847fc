package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.guard.AnswerWalk.Piece;
import org.jspecify.annotations.Nullable;

/**
 * A piece of text in an event that has not left.
 *
 * @param flow the text that it is a piece of; null: it stands for itself
 * @param end where it ends in that text
 * @param text what of it has not left yet; of a text that stands for itself as it leaves
 */
record HeldPiece(Piece piece, @Nullable RunningText flow, long end, String text) {

  /** The last piece that has come of a text. */
  static HeldPiece of(Piece piece, RunningText flow) {
    return new HeldPiece(piece, flow, flow.text().length(), piece.text());
  }

  static HeldPiece alone(Piece piece, String leaves) {
    return new HeldPiece(piece, null, 0, leaves);
  }

  /** So many characters of it may leave. */
  int free() {
    return flow == null ? text.length() : flow.text().free(text, end);
  }

  /** So much of it. */
  HeldPiece to(int characters) {
    return new HeldPiece(piece, flow, end, text.substring(0, characters));
  }

  /** What is left of it when so many characters have left. */
  HeldPiece from(int characters) {
    return new HeldPiece(piece, flow, end, text.substring(characters));
  }

  /** As it leaves; at most once. */
  String leave() {
    return flow == null ? text : flow.text().take(text);
  }
}
