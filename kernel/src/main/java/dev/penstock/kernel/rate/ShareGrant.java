package dev.penstock.kernel.rate;

import java.util.Objects;

/**
 * A node's share of a limit.
 *
 * @param number of the ask that it answers
 * @param granted what the node may use from now on
 * @param fresh how much of what is more than it held is there to be used at once; the rest fills as
 *     a minute brings it, so that a share that moves brings nothing that was used elsewhere
 */
public record ShareGrant(long number, Units granted, Units fresh) {
  public ShareGrant {
    Objects.requireNonNull(granted, "granted");
    Objects.requireNonNull(fresh, "fresh");
  }
}
