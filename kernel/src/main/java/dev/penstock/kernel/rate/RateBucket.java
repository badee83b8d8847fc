package dev.penstock.kernel.rate;

import java.util.concurrent.TimeUnit;

/**
 * A bucket that holds one minute's units and fills evenly (the generic cell rate algorithm, ITU-T
 * I.371: one number, the moment at which the bucket would be full again). Owned by one thread at a
 * time.
 */
public final class RateBucket {

  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private long fullAtNanos;

  /**
   * A full bucket.
   *
   * @param nowNanos of the clock with which it will be asked
   */
  public RateBucket(long nowNanos) {
    fullAtNanos = nowNanos;
  }

  /**
   * Takes units if they are there. More than a minute's units are counted as a minute's: they are
   * there when the bucket is full.
   *
   * @param perMinute units that a minute brings, above 0; may differ from one call to the next
   * @return 0 if they were taken, else nanoseconds until they could be
   */
  public long take(long nowNanos, long units, long perMinute) {
    long full = after(nowNanos, Math.min(units, perMinute), perMinute);
    long beyond = full - nowNanos - MINUTE_NANOS;
    if (beyond > 0) {
      return beyond;
    }
    fullAtNanos = full;
    return 0;
  }

  /**
   * Corrects what was taken, once it is known: the bucket may be left with less than nothing.
   *
   * @param units further ones; negative ones are given back
   */
  public void correct(long nowNanos, long units, long perMinute) {
    fullAtNanos = after(nowNanos, units, perMinute);
  }

  /** Whole units that could be taken now. */
  public long left(long nowNanos, long perMinute) {
    long freeMicros = (MINUTE_NANOS - untilFullNanos(nowNanos)) / 1_000;
    // Below 2^63 for a minute's 2^36.
    return freeMicros <= 0 ? 0 : perMinute * freeMicros / (MINUTE_NANOS / 1_000);
  }

  /** Until a minute's units are there again, if none is taken. */
  public long untilFullNanos(long nowNanos) {
    return Math.max(0, fullAtNanos - nowNanos);
  }

  private long after(long nowNanos, long units, long perMinute) {
    long from = fullAtNanos - nowNanos > 0 ? fullAtNanos : nowNanos;
    return from + nanosOf(units, perMinute);
  }

  /** Rounded up, so that a minute never brings more than its units. */
  private static long nanosOf(long units, long perMinute) {
    // Below 2^63 for every amount of tokens that a request can have (2^26 times a minute's 2^36).
    return Math.ceilDiv(units * MINUTE_NANOS, perMinute);
  }
}
