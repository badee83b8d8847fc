package dev.penstock.controlplane.usage;

import java.time.Duration;
import java.time.Instant;

/**
 * How long the buckets are that usage is summed up in. Buckets begin at whole multiples of their
 * length since 1970, in UTC, so each is a part of one of the next grain.
 */
enum Grain {
  FIVE_MINUTES(Duration.ofMinutes(5)),
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1));

  private final Duration length;

  Grain(Duration length) {
    this.length = length;
  }

  Duration length() {
    return length;
  }

  /** As the database names it. */
  short minutes() {
    return (short) length.toMinutes();
  }

  /** The beginning of the bucket that an instant is in. */
  Instant floor(Instant instant) {
    long second = instant.getEpochSecond();
    return Instant.ofEpochSecond(second - Math.floorMod(second, length.toSeconds()));
  }

  /** The first beginning of a bucket that is not before an instant. */
  Instant ceiling(Instant instant) {
    Instant floor = floor(instant);
    return floor.equals(instant) ? floor : floor.plus(length);
  }

  /** Whether a time span is made of whole buckets. */
  boolean divides(Duration span) {
    return span.toSeconds() % length.toSeconds() == 0;
  }
}
