package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.GuardedText;

/** A text that runs through several events. Owned by one answer. */
final class RunningText {

  private final GuardedText text;
  private long lastPiece;

  RunningText(GuardedText text) {
    this.text = text;
  }

  GuardedText text() {
    return text;
  }

  /** Characters that wait for what follows. */
  long open() {
    return text.length() - text.settled();
  }

  /** The last piece that has come was this one of the answer's. */
  void cameAs(long piece) {
    lastPiece = piece;
  }

  long lastPiece() {
    return lastPiece;
  }
}
