package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.usage.SpendSpans.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SpendSpansTest {

  @Test
  void readsWholeDaysAndTheirEndsInSmallerPieces() {
    assertThat(spans("2026-11-01T22:50:00Z", "2026-11-04T02:05:00Z", Optional.empty()))
        .containsExactly(
            span(Grain.FIVE_MINUTES, "2026-11-01T22:50:00Z", "2026-11-01T23:00:00Z"),
            span(Grain.HOUR, "2026-11-01T23:00:00Z", "2026-11-02T00:00:00Z"),
            span(Grain.DAY, "2026-11-02T00:00:00Z", "2026-11-04T00:00:00Z"),
            span(Grain.HOUR, "2026-11-04T00:00:00Z", "2026-11-04T02:00:00Z"),
            span(Grain.FIVE_MINUTES, "2026-11-04T02:00:00Z", "2026-11-04T02:05:00Z"));
  }

  @Test
  void takesNoDayApartFromItsOwnMidnight() {
    assertThat(
            spans("2026-11-01T23:00:00Z", "2026-11-03T23:00:00Z", Optional.of(Duration.ofDays(1))))
        .containsExactly(span(Grain.HOUR, "2026-11-01T23:00:00Z", "2026-11-03T23:00:00Z"));
  }

  @Property
  void coversEveryFiveMinutesOnceAndNoneAcrossACut(
      @ForAll @IntRange(min = 0, max = 2_000) int from,
      @ForAll @IntRange(min = 1, max = 2_000) int length,
      @ForAll @IntRange(min = 0, max = 600) int step) {
    Instant start = Instant.EPOCH.plus(Grain.FIVE_MINUTES.length().multipliedBy(from));
    Instant end = start.plus(Grain.FIVE_MINUTES.length().multipliedBy(length));
    Optional<Duration> width =
        step == 0 ? Optional.empty() : Optional.of(Grain.FIVE_MINUTES.length().multipliedBy(step));

    Instant reached = start;
    for (Span span : SpendSpans.of(start, end, width)) {
      assertThat(span.from()).isEqualTo(reached).isEqualTo(span.grain().floor(span.from()));
      assertThat(span.before()).isEqualTo(span.grain().floor(span.before()));
      if (width.isPresent()) {
        assertThat(width.get().toSeconds() % span.grain().length().toSeconds()).isZero();
        assertThat(
                Duration.between(start, span.from()).toSeconds()
                    % span.grain().length().toSeconds())
            .isZero();
      }
      reached = span.before();
    }
    assertThat(reached).isEqualTo(end);
  }

  private static List<Span> spans(String from, String before, Optional<Duration> step) {
    return SpendSpans.of(Instant.parse(from), Instant.parse(before), step);
  }

  private static Span span(Grain grain, String from, String before) {
    return new Span(grain, Instant.parse(from), Instant.parse(before));
  }
}
