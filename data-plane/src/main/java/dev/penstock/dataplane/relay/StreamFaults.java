package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.route.CallTerms;

/** What a client is told of a stream that does not end well. */
final class StreamFaults {

  /** Characters of a provider's own words that a client is told. */
  private static final int MAX_WORDS = 1_000;

  private StreamFaults() {}

  static Refusal ours() {
    return Refusal.of(
        Code.INTERNAL_ERROR,
        "The gateway failed; the request id leads the platform team to the cause.");
  }

  static Refusal eventTooLarge() {
    return Refusal.of(Code.UPSTREAM_ERROR, "The provider sent an event that is too large.");
  }

  static Refusal malformed() {
    return Refusal.of(
        Code.UPSTREAM_ERROR, "The provider sent an event that is not valid in its dialect.");
  }

  /** The provider's own words say best what happened; they are for the client alone. */
  static Refusal reported(String words) {
    String sentence = "The provider reported an error in mid-stream";
    return Refusal.of(
        Code.UPSTREAM_ERROR,
        words.isBlank()
            ? sentence + "."
            : sentence + ": " + words.substring(0, Math.min(words.length(), MAX_WORDS)));
  }

  static Refusal cut() {
    return Refusal.of(
        Code.UPSTREAM_CUT,
        "The provider's stream was cut before it was complete; what has arrived is incomplete.");
  }

  static Refusal tooLong(CallTerms terms) {
    return Refusal.of(
        Code.UPSTREAM_TIMEOUT,
        "The exchange took longer than the %d s it may take.".formatted(terms.total().toSeconds()));
  }

  static Refusal stalled(Limits limits) {
    return Refusal.of(
        Code.STALLED_CLIENT,
        "The client has not read its stream for %d s."
            .formatted(limits.stalledClient().toSeconds()));
  }

  static Refusal silent(CallTerms terms) {
    return Refusal.of(
        Code.UPSTREAM_TIMEOUT,
        "The provider fell silent for more than %d s in mid-stream."
            .formatted(terms.idle().toSeconds()));
  }
}
