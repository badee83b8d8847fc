package dev.penstock.kernel.rate;

import java.util.concurrent.TimeUnit;

/**
 * A bucket that holds one minute's units and fills evenly. How many units a minute brings may
 * change: what is in the bucket stays there, as far as it goes in. Owned by one thread at a time.
 */
public final class RateBucket {

  /** Answer to {@link #take}: no waiting helps, as a minute brings nothing. */
  public static final long NEVER = Long.MAX_VALUE;

  /** A microsecond brings one of these for each unit of a minute's. */
  private static final long PARTS = TimeUnit.MINUTES.toMicros(1);

  private static final long MICRO_NANOS = 1_000;

  /** No more than this is owed: 1,000 million units. */
  private static final long MOST_OWED = 1_000_000_000L * PARTS;

  private long perMinute;
  private long level; // in parts; below 0 where units are owed
  private long atNanos;

  /**
   * @param nowNanos of the clock with which it will be asked
   * @param perMinute units that a minute brings; at most 100 million
   * @param units that are in it, at most a minute's
   */
  public RateBucket(long nowNanos, long perMinute, long units) {
    atNanos = nowNanos;
    this.perMinute = perMinute;
    level = Math.min(units, perMinute) * PARTS;
  }

  /** A minute brings so many units from now on; further ones are in it at once. */
  public void resize(long nowNanos, long unitsPerMinute, long further) {
    fill(nowNanos);
    perMinute = unitsPerMinute;
    level = Math.min(level + further * PARTS, perMinute * PARTS);
  }

  /**
   * Takes units if they are there. More than a minute's units are counted as a minute's: they are
   * there when the bucket is full.
   *
   * @return 0 if they were taken, else nanoseconds until they could be, or {@link #NEVER}
   */
  public long take(long nowNanos, long units) {
    if (perMinute == 0) {
      return NEVER;
    }
    fill(nowNanos);
    long needed = Math.min(units, perMinute) * PARTS;
    if (level < needed) {
      return Math.ceilDiv(needed - level, perMinute) * MICRO_NANOS - (nowNanos - atNanos);
    }
    level -= needed;
    return 0;
  }

  /**
   * Corrects what was taken, once it is known: the bucket may be left with less than nothing.
   *
   * @param units further ones; negative ones are given back
   */
  public void correct(long nowNanos, long units) {
    fill(nowNanos);
    level = Math.clamp(level - units * PARTS, -MOST_OWED, perMinute * PARTS);
  }

  /** Whole units that could be taken now. */
  public long left(long nowNanos) {
    fill(nowNanos);
    return Math.max(0, level / PARTS);
  }

  /** Until a minute's units are there again, if none is taken; 0 where it brings none. */
  public long untilFullNanos(long nowNanos) {
    fill(nowNanos);
    return perMinute == 0 ? 0 : Math.ceilDiv(perMinute * PARTS - level, perMinute) * MICRO_NANOS;
  }

  private void fill(long nowNanos) {
    long micros = Math.max(0, nowNanos - atNanos) / MICRO_NANOS;
    atNanos += micros * MICRO_NANOS; // a part of a microsecond counts next time
    // Whatever is owed is paid back within 2^40 microseconds, 12 days.
    long brought =
        perMinute
            * Math.min(micros, Math.ceilDiv(perMinute * PARTS - level, Math.max(1, perMinute)));
    level = Math.min(level + brought, perMinute * PARTS);
  }
}
