package dev.penstock.dataplane.dialect;

/**
 * What becomes of a feature on its way to a dialect that cannot carry it.
 *
 * @param why one sentence, for the document and for the refusal
 */
public record Loss(Feature feature, Dialect to, Fate fate, String why) {

  /** A field that changes what the model is asked is refused; a hint is dropped, and named. */
  public enum Fate {
    REFUSED,
    DROPPED
  }
}
