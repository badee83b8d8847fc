package dev.penstock.kernel.rate;

import java.util.Arrays;

/** Max-min fairness: nobody gets more than it wants, and nobody more than who wants still more. */
final class FairShare {

  private FairShare() {}

  /**
   * What one of several gets.
   *
   * @param want of that one
   * @param others what the others want; the array is changed
   */
  static long of(long total, long want, long[] others) {
    Arrays.sort(others);
    long left = total;
    int sharing = others.length + 1;
    for (long other : others) {
      long even = left / sharing;
      if (other >= even || want <= even) {
        break; // the others want no less than an even part, too
      }
      left -= other;
      sharing--;
    }
    long even = left / sharing;
    // Nobody gets a part of one: what is left over is the first's who asks, as far as it is free.
    return Math.min(want, even == 0 && left > 0 ? 1 : even);
  }
}
