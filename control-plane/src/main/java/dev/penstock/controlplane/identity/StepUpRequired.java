package dev.penstock.controlplane.identity;

import java.time.Duration;

/** The caller may do this, but only shortly after proving itself once more (RFC 9470). */
final class StepUpRequired extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String acr;
  private final Duration maxAge;

  StepUpRequired(String acr, Duration maxAge) {
    super("step-up required", null, false, false); // an answer, not a fault
    this.acr = acr;
    this.maxAge = maxAge;
  }

  /** What {@code WWW-Authenticate} says. */
  String challenge() {
    return "Bearer error=\"insufficient_user_authentication\", error_description=\"%s\", acr_values=\"%s\", max_age=\"%d\""
        .formatted("a fresh, stronger authentication is required", acr, maxAge.toSeconds());
  }

  /** What the problem says. */
  String detail() {
    return "insufficient_user_authentication: log in again with acr_values=%s and max_age=%d"
        .formatted(acr, maxAge.toSeconds());
  }
}
