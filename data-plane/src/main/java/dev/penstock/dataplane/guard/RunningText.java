package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.GuardedText;

/** A text that runs through several events. Owned by one answer. */
final class RunningText {

  private final int group;
  private final GuardedText text;
  private long lastPiece;
  private long lastOfGroup;

  RunningText(int group, GuardedText text) {
    this.group = group;
    this.text = text;
  }

  int group() {
    return group;
  }

  GuardedText text() {
    return text;
  }

  /** Characters that wait for what follows. */
  long open() {
    return text.length() - text.settled();
  }

  /** The last piece that has come was this one of the answer's, and this one of its group's. */
  void cameAs(long piece, long ofGroup) {
    lastPiece = piece;
    lastOfGroup = ofGroup;
  }

  long lastOfGroup() {
    return lastOfGroup;
  }

  long lastPiece() {
    return lastPiece;
  }
}
