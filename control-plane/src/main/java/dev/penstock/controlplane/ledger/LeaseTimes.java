package dev.penstock.controlplane.ledger;

import java.time.Duration;

/**
 * How long things are waited for. None of them makes a budget hold; they say when money comes back.
 */
final class LeaseTimes {

  /** A node that says nothing for so long is silent. */
  static final Duration TTL = Duration.ofSeconds(30);

  /** After its own start a replica takes nobody for silent: not the nodes were away. */
  static final Duration QUIET_START = TTL.plusSeconds(30);

  /**
   * No exchange runs longer; what a silent node has can be lent anew then, where a budget allows.
   */
  static final Duration LONGEST_STREAM = Duration.ofHours(1);

  /** What never came back is taken for used then. */
  static final Duration PRESUMED_AFTER = LONGEST_STREAM.plusHours(24);

  private LeaseTimes() {}
}
