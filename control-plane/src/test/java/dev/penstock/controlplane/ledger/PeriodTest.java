package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodTest {

  @ParameterizedTest
  @CsvSource({
    "DAY,Europe/Berlin,2026-03-29T10:00:00Z,2026-03-28T23:00:00Z,2026-03-29T22:00:00Z",
    "DAY,Europe/Berlin,2026-10-25T10:00:00Z,2026-10-24T22:00:00Z,2026-10-25T23:00:00Z",
    "WEEK,Europe/Berlin,2026-03-29T21:59:59Z,2026-03-22T23:00:00Z,2026-03-29T22:00:00Z",
    "MONTH,Europe/Berlin,2026-03-31T22:00:00Z,2026-03-31T22:00:00Z,2026-04-30T22:00:00Z",
    "MONTH,America/New_York,2026-11-30T12:00:00Z,2026-11-01T04:00:00Z,2026-12-01T05:00:00Z",
    "QUARTER,UTC,2026-12-31T23:59:59.999Z,2026-10-01T00:00:00Z,2027-01-01T00:00:00Z",
    "YEAR,Asia/Kolkata,2026-12-31T18:30:00Z,2026-12-31T18:30:00Z,2027-12-31T18:30:00Z",
    "HOUR,Asia/Kolkata,2026-05-05T05:45:00Z,2026-05-05T05:30:00Z,2026-05-05T06:30:00Z",
    "HOUR,Australia/Lord_Howe,2026-04-04T15:15:00Z,2026-04-04T14:30:00Z,2026-04-04T15:30:00Z",
  })
  void followsTheCalendarOfTheZone(
      Period.Every every, String zone, Instant now, Instant startsAt, Instant endsAt) {
    assertThat(Period.at(every, ZoneId.of(zone), now)).isEqualTo(new Period(startsAt, endsAt));
  }

  @Test
  void aDayOnWhichClocksChangeHasOneHourMoreOrLess() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");

    Period spring = Period.at(Period.Every.DAY, berlin, Instant.parse("2026-03-29T10:00:00Z"));
    Period autumn = Period.at(Period.Every.DAY, berlin, Instant.parse("2026-10-25T10:00:00Z"));

    assertThat(Duration.between(spring.startsAt(), spring.endsAt())).hasHours(23);
    assertThat(Duration.between(autumn.startsAt(), autumn.endsAt())).hasHours(25);
  }

  @Property
  void everyMomentIsInItsPeriod(
      @ForAll Period.Every every, @ForAll("zones") ZoneId zone, @ForAll("moments") Instant now) {
    assertThat(Period.at(every, zone, now).holds(now)).isTrue();
  }

  @Property
  void daysAndLongerTileTheTimeLine(
      @ForAll Period.Every every, @ForAll("zones") ZoneId zone, @ForAll("moments") Instant now) {
    if (every == Period.Every.HOUR) {
      return;
    }
    Period period = Period.at(every, zone, now);

    assertThat(Period.at(every, zone, period.endsAt()).startsAt()).isEqualTo(period.endsAt());
    assertThat(Period.at(every, zone, period.startsAt())).isEqualTo(period);
    assertThat(Period.at(every, zone, period.endsAt().minusMillis(1))).isEqualTo(period);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/Havana",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Pacific/Apia")
        .map(ZoneId::of);
  }

  @Provide
  Arbitrary<Instant> moments() {
    return Arbitraries.longs()
        .between(
            Instant.parse("2025-01-01T00:00:00Z").toEpochMilli(),
            Instant.parse("2035-01-01T00:00:00Z").toEpochMilli())
        .map(Instant::ofEpochMilli);
  }
}
