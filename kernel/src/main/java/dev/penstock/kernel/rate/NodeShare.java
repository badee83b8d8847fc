package dev.penstock.kernel.rate;

import java.util.Optional;

/**
 * A node's share of one limit, as the node keeps it: what it was granted last, for as long as that
 * holds. Has one ask open at a time; a new one takes the place of one that nobody answers, and what
 * comes to the earlier one is passed over. Owned by one thread at a time.
 */
public final class NodeShare {

  private Units granted = Units.NONE;
  private long untilNanos;
  private boolean endless;
  private long openNumber;
  private long askedNanos;
  private boolean open;

  /** What may be used now. */
  public Units inForce(long nowNanos) {
    return endless || untilNanos - nowNanos > 0 ? granted : Units.NONE;
  }

  /** Whether an ask waits for its answer. */
  public boolean isOpen() {
    return open;
  }

  /** When the last ask was made. */
  public long askedNanos() {
    return askedNanos;
  }

  /**
   * Asks.
   *
   * @param number as {@link ShareAsk#number}
   * @param used what the node uses whatever its share is: streams that run
   */
  public ShareAsk ask(long number, Units used, Units want, long nowNanos) {
    open = true;
    openNumber = number;
    askedNanos = nowNanos;
    return new ShareAsk(number, inForce(nowNanos).atLeast(used), want);
  }

  /** Gives all of it back: it is not used any more from now on. */
  public void giveUp() {
    granted = Units.NONE;
    endless = false;
  }

  /**
   * An answer.
   *
   * @param validMillis from the ask on; 0: for as long as the node runs
   * @return how much of what is more than before is there at once; empty: it is none to the open
   *     ask
   */
  public Optional<Units> onGrant(ShareGrant grant, long validMillis) {
    if (!open || grant.number() != openNumber) {
      return Optional.empty();
    }
    open = false;
    granted = grant.granted();
    endless = validMillis == 0;
    untilNanos = askedNanos + validMillis * 1_000_000;
    return Optional.of(grant.fresh());
  }

  /** The line is gone: no answer will come any more. */
  public void onDisconnected() {
    open = false;
  }
}
