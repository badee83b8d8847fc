package dev.penstock.kernel.lease;

/**
 * How much the control plane adds to a lease: plain slices, never more than is available.
 *
 * <p>A node asks for a total that would be comfortable ({@code want}) and, where a request waits,
 * for the total that it cannot do without ({@code need}). It gets what is needed and, beyond that,
 * what a fair slice allows; if not even the need can be met it gets nothing, so that smaller
 * requests still find money.
 */
public final class GrantRule {

  /** A slice is at most this part of the window's limit: 0.5 %. */
  private static final long SLICES_PER_LIMIT = 200;

  private GrantRule() {}

  /**
   * What to add to a lease, in nano-USD; 0 means that the need cannot be met or nothing is asked.
   *
   * @param granted granted so far on this lease
   * @param wantTotal total that would be comfortable
   * @param needTotal total that a waiting request needs; at most {@code granted} if none waits
   * @param available what the window has beyond all leases
   * @param limit the window's limit
   * @param activeNodes nodes that hold leases on the window, this one included; at least 1
   */
  public static long add(
      long granted, long wantTotal, long needTotal, long available, long limit, int activeNodes) {
    long need = Math.max(0, needTotal - granted);
    long want = Math.max(need, wantTotal - granted);
    if (need > available) {
      return 0;
    }
    // Half of what is left, shared out among the nodes: the last percents stay usable by all.
    long fair = available / 2 / Math.max(1, activeNodes);
    long slice = Math.min(fair, limit / SLICES_PER_LIMIT);
    return Math.min(available, Math.max(need, Math.min(want, slice)));
  }
}
