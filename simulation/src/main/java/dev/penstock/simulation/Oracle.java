package dev.penstock.simulation;

import dev.penstock.simulation.Violation.Invariant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * The providers' own side: what requests truly cost, by the window that they were admitted to,
 * whatever became of their records.
 */
final class Oracle {

  private final Map<UUID, Long> spent = new HashMap<>();
  private final Map<UUID, Long> beyondHolds = new HashMap<>();
  private final ToLongFunction<UUID> bound;
  private long worstOverspend;

  /**
   * @param bound what may be spent in a window, nano-USD
   */
  Oracle(ToLongFunction<UUID> bound) {
    this.bound = bound;
  }

  /** A provider is asked, or goes on: what it will charge is spent from here on. */
  void onCovered(UUID windowId, long worstCase, long cost) {
    long total = spent.merge(windowId, cost, Long::sum);
    long beyond = beyondHolds.merge(windowId, Math.max(0, cost - worstCase), Long::sum);
    long overspend = total - bound.applyAsLong(windowId) - beyond;
    if (overspend > 0) {
      worstOverspend = Math.max(worstOverspend, overspend);
      throw new Violation(
          Invariant.SPEND_WITHIN_LIMIT,
          "window %s: spent %d, which is %d too much".formatted(windowId, total, overspend));
    }
  }

  /** Above the bound, nano-USD; 0: never. */
  long worstOverspend() {
    return worstOverspend;
  }

  long spent(UUID windowId) {
    return spent.getOrDefault(windowId, 0L);
  }
}
