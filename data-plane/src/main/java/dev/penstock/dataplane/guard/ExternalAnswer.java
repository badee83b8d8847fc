package dev.penstock.dataplane.guard;

/** What an external guard says of a request, or why it says nothing; never a text. */
sealed interface ExternalAnswer {

  /** The request may go on. */
  record Pass() implements ExternalAnswer {}

  /**
   * It has found something.
   *
   * @param rule its own word for it, of letters, digits and hyphens
   */
  record Found(String rule) implements ExternalAnswer {}

  /**
   * There is no verdict.
   *
   * @param why in the words of the record; nothing that was sent or answered
   */
  record NoVerdict(String why) implements ExternalAnswer {}
}
