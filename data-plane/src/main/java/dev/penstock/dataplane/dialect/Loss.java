package dev.penstock.dataplane.dialect;

/**
 * What becomes of a feature on its way to a dialect that cannot carry it.
 *
 * @param why one sentence, for the document and for the refusal
 */
public record Loss(Feature feature, Dialect to, Fate fate, String why) {

  /** A field that changes what the model is asked is refused; a hint is dropped, and named. */
  public enum Fate {
    /** Unless a route has it dropped. */
    REFUSED,
    /** Also there: without it nothing is left to ask, or what was to protect somebody is gone. */
    ALWAYS_REFUSED,
    DROPPED
  }
}
