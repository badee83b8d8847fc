package dev.penstock.dataplane.token;

/** What can be said of a token. */
public sealed interface Verdict {

  /** It is good. */
  record Good(VerifiedToken token) implements Verdict {}

  /** It is not. */
  record Bad(TokenFault fault) implements Verdict {}

  /** The identity provider's keys are not at hand, or too old to go by. */
  record Undecided() implements Verdict {}
}
