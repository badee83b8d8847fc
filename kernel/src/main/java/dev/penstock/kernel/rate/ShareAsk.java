package dev.penstock.kernel.rate;

import java.util.Objects;

/**
 * A node asks for its share of a limit.
 *
 * @param number greater than that of every ask of the node's before, over restarts, too
 * @param held what the node goes on using at most until it is answered
 * @param want what it could use
 */
public record ShareAsk(long number, Units held, Units want) {
  public ShareAsk {
    Objects.requireNonNull(held, "held");
    Objects.requireNonNull(want, "want");
  }
}
