package dev.penstock.kernel.rate;

/**
 * The quarter of every limit that is no node's to ask for: each node of the fleet has a part of it
 * for as long as it runs, for any limit and without a word, and so also while the control plane is
 * away. Parts are shares of one limit of {@link #PARTS} parts, kept like any other.
 */
public final class FleetReserve {

  /** As which a reserve of a million parts is divided. */
  public static final Units PARTS = new Units(1_000_000, 0, 0);

  private static final long SHARE_OF_LIMIT = 4;

  private FleetReserve() {}

  /** A node's part of a limit's reserve, rounded down. */
  public static Units of(Units total, long parts) {
    return new Units(
        part(total.requests(), parts), part(total.tokens(), parts), part(total.streams(), parts));
  }

  private static long part(long total, long parts) {
    return total * parts / (SHARE_OF_LIMIT * PARTS.requests());
  }

  /** What of a limit nodes ask for: all but the reserve. */
  public static Units lent(Units total) {
    return total.minus(of(total, PARTS.requests()));
  }
}
