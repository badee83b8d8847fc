package dev.penstock.providersim.embeddings;

/** One input: its JSON, from which its vector is drawn, and its size. */
record Input(String json, long tokens) {
  /** The text may be anything, and belongs in no log. */
  @Override
  public String toString() {
    return "Input[tokens=%d]".formatted(tokens);
  }
}
