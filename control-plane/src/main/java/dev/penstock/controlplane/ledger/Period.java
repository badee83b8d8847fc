package dev.penstock.controlplane.ledger;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Objects;

/**
 * One calendar period of a budget in its time zone, start inclusive, end exclusive.
 *
 * <p>Days and longer tile the time line: a day on which clocks change has 23 or 25 hours. An hour
 * begins with the zone's full hour and always has 60 minutes.
 */
public record Period(Instant startsAt, Instant endsAt) {

  /** Of a window that rolls: it has no end, what is spent leaves it by steps. */
  static final Period ALWAYS = new Period(Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"));

  private static final int SECONDS_PER_HOUR = 3600;

  public Period {
    Objects.requireNonNull(startsAt, "startsAt");
    Objects.requireNonNull(endsAt, "endsAt");
    if (!startsAt.isBefore(endsAt)) {
      throw new IllegalArgumentException(startsAt + " to " + endsAt + " (expected: a duration)");
    }
  }

  /** How long a budget's periods are. */
  enum Every {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR;

    static Every of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** The period that holds an instant. */
  static Period at(Every every, ZoneId zone, Instant now) {
    LocalDate day = now.atZone(zone).toLocalDate();
    return switch (every) {
      case HOUR -> hour(zone, now);
      case DAY -> days(zone, day, day.plusDays(1));
      case WEEK -> {
        LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        yield days(zone, monday, monday.plusWeeks(1));
      }
      case MONTH -> {
        LocalDate first = day.withDayOfMonth(1);
        yield days(zone, first, first.plusMonths(1));
      }
      case QUARTER -> {
        LocalDate first = day.with(IsoFields.DAY_OF_QUARTER, 1);
        yield days(zone, first, first.plusMonths(3));
      }
      case YEAR -> {
        LocalDate first = day.withDayOfYear(1);
        yield days(zone, first, first.plusYears(1));
      }
    };
  }

  boolean holds(Instant instant) {
    return !instant.isBefore(startsAt) && instant.isBefore(endsAt);
  }

  private static Period days(ZoneId zone, LocalDate from, LocalDate to) {
    return new Period(from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
  }

  private static Period hour(ZoneId zone, Instant now) {
    // By the offset of this very moment: an hour that clocks repeat is two periods.
    long offset = zone.getRules().getOffset(now).getTotalSeconds();
    long local = now.getEpochSecond() + offset;
    Instant start = Instant.ofEpochSecond(local - Math.floorMod(local, SECONDS_PER_HOUR) - offset);
    return new Period(start, start.plus(1, ChronoUnit.HOURS));
  }
}
