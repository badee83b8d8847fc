package dev.penstock.controlplane.problem;

import java.time.DateTimeException;
import java.time.Instant;

/** Which times can be stored: Postgres knows fewer years than Java. */
public final class StorableTime {

  private static final Instant FIRST = Instant.parse("-4000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("+200000-01-01T00:00:00Z");

  private StorableTime() {}

  /**
   * The same time.
   *
   * @throws DateTimeException if it is too far away
   */
  public static Instant of(Instant time) {
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new DateTimeException(time + " (expected: from " + FIRST + " to " + LAST + ")");
    }
    return time;
  }
}
