package dev.penstock.controlplane.identity;

/** What is done to something. */
public enum Action {
  READ('r'),
  WRITE('w'),
  DELETE('d');

  private final char letter;

  Action(char letter) {
    this.letter = letter;
  }

  /** As the table writes it. */
  char letter() {
    return letter;
  }
}
