package dev.penstock.providersim.refuse;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong, before a provider has put it in its own words.
 *
 * @param said for the kinds about a field, what was expected there; else a sentence, or null for
 *     the one that the provider has for the status
 * @param param the field, as {@code messages[0].role}
 * @param type null for the one that the provider has for the status
 */
public record Complaint(
    int status,
    Kind kind,
    @Nullable String said,
    @Nullable String param,
    @Nullable String type,
    @Nullable String code) {

  /** Which of the sentences that validators have, or one of its own. */
  public enum Kind {
    UNKNOWN_FIELD,
    MISSING_FIELD,
    WRONG_TYPE,
    WRONG_VALUE,
    SENTENCE
  }

  /** Nothing about the request in particular. */
  public static Complaint ofStatus(int status) {
    return new Complaint(status, Kind.SENTENCE, null, null, null, null);
  }
}
