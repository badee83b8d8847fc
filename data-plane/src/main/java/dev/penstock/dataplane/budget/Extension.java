package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.exchange.Refusal;

/** What has become of the wish for more money for a running stream. */
public sealed interface Extension {

  /** It is held, and stands in the spool. */
  record Granted() implements Extension {}

  /** A budget cannot pay for more. */
  record Refused(Refusal refusal) implements Extension {}

  /** Nobody has answered in time, and what the node has is used up. */
  record Unanswered(Refusal refusal) implements Extension {}
}
