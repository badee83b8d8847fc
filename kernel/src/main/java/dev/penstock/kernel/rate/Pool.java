package dev.penstock.kernel.rate;

import java.util.Objects;

/**
 * What of a limit is there to be used in the part that no node holds: it fills as a minute brings
 * it, and goes with the part that a node gets. Of a part that comes back nothing is there.
 *
 * @param level requests and tokens, in 60,000ths, which a millisecond brings of one a minute;
 *     streams are not used up, and always 0
 * @param atMillis when that was so
 */
public record Pool(Units level, long atMillis) {

  private static final long MINUTE_MILLIS = 60_000;

  public Pool {
    Objects.requireNonNull(level, "level");
  }

  /** All of it is there. */
  static Pool full(Units capacity, long nowMillis) {
    return new Pool(whole(capacity), nowMillis);
  }

  /**
   * @param units to be used at once with the part that is taken
   */
  record Taken(Units units, Pool rest) {}

  /**
   * The same, later.
   *
   * @param capacity what no node held in between
   */
  Pool at(Units capacity, long nowMillis) {
    long millis = Math.clamp(nowMillis - atMillis, 0, MINUTE_MILLIS);
    Units brought = new Units(capacity.requests() * millis, capacity.tokens() * millis, 0);
    return new Pool(level.plus(brought).atMost(whole(capacity)), Math.max(atMillis, nowMillis));
  }

  /**
   * Takes a part.
   *
   * @param capacity what no node holds before
   */
  Taken take(Units part, Units capacity) {
    Units units =
        new Units(
            goesWith(part.requests(), level.requests(), capacity.requests()),
            goesWith(part.tokens(), level.tokens(), capacity.tokens()),
            0);
    Units rest = level.minus(whole(units)).atMost(whole(capacity.minus(part)));
    return new Taken(units, new Pool(rest, atMillis));
  }

  /** Rounded down: what is lost comes with the next minute. */
  private static long goesWith(long part, long level, long capacity) {
    return capacity == 0 ? 0 : level / MINUTE_MILLIS * part / capacity;
  }

  private static Units whole(Units units) {
    return new Units(units.requests() * MINUTE_MILLIS, units.tokens() * MINUTE_MILLIS, 0);
  }
}
