package dev.penstock.kernel.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RateBucketTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = 60 * SECOND;
  private static final long MICRO = 1_000;

  @Test
  void holdsAMinutesUnitsAndFillsEvenly() {
    RateBucket bucket = full(60);
    for (int i = 0; i < 60; i++) {
      assertThat(bucket.take(0, 1)).isZero();
    }

    assertThat(bucket.take(0, 1)).isEqualTo(SECOND);
    assertThat(bucket.take(SECOND - MICRO, 1)).isEqualTo(MICRO);
    assertThat(bucket.take(SECOND, 1)).isZero();
    assertThat(bucket.take(SECOND, 1)).isEqualTo(SECOND);
  }

  @Test
  void letsWhatIsGreaterThanAMinutesUnitsPassWhenItIsFull() {
    RateBucket bucket = full(60);

    assertThat(bucket.take(0, 500)).isZero();
    assertThat(bucket.take(30 * SECOND, 500)).isEqualTo(30 * SECOND);
    assertThat(bucket.take(MINUTE, 500)).isZero();
  }

  @Test
  void isCorrectedBothWays() {
    RateBucket bucket = full(60);
    assertThat(bucket.take(0, 10)).isZero();

    bucket.correct(0, 80);
    assertThat(bucket.take(0, 1)).isEqualTo(31 * SECOND);
    bucket.correct(0, -40);
    assertThat(bucket.take(0, 10)).isZero();
    assertThat(bucket.take(0, 1)).isEqualTo(SECOND);
  }

  @Test
  void tellsWhatIsLeft() {
    RateBucket bucket = full(60);
    assertThat(bucket.take(0, 20)).isZero();

    assertThat(bucket.left(0)).isEqualTo(40);
    assertThat(bucket.untilFullNanos(0)).isEqualTo(20 * SECOND);
    bucket.correct(0, 70);
    assertThat(bucket.left(0)).isZero();
    assertThat(bucket.untilFullNanos(0)).isEqualTo(90 * SECOND);
    assertThat(bucket.left(90 * SECOND)).isEqualTo(60);
  }

  @Test
  void keepsWhatIsInItWhenItGrowsAndWhatGoesInWhenItShrinks() {
    RateBucket bucket = full(60);

    bucket.resize(0, 120, 10);
    assertThat(bucket.left(0)).isEqualTo(70);
    assertThat(bucket.left(10 * SECOND)).isEqualTo(90);
    bucket.resize(10 * SECOND, 30, 0);
    assertThat(bucket.left(10 * SECOND)).isEqualTo(30);
    bucket.resize(10 * SECOND, 0, 0);
    assertThat(bucket.take(MINUTE, 1)).isEqualTo(RateBucket.NEVER);
    bucket.resize(MINUTE, 60, 0);
    assertThat(bucket.left(MINUTE)).isZero();
    assertThat(bucket.left(MINUTE + SECOND)).isEqualTo(1);
  }

  @Test
  void remembersWhatIsOwedWhileAMinuteBringsNothing() {
    RateBucket bucket = full(60);
    bucket.correct(0, 90);

    bucket.resize(0, 0, 0);
    bucket.correct(SECOND, 10);
    bucket.resize(SECOND, 60, 0);

    assertThat(bucket.take(SECOND, 1)).isEqualTo(41 * SECOND);
  }

  @Test
  void worksWhereverTheClockBegan() {
    long start = Long.MAX_VALUE - SECOND; // it runs over in mid-test
    RateBucket bucket = new RateBucket(start, 60, 60);

    assertThat(bucket.take(start, 60)).isZero();
    assertThat(bucket.take(start + 2 * SECOND, 2)).isZero();
    assertThat(bucket.take(start + 2 * SECOND, 1)).isEqualTo(SECOND);
  }

  /** Whatever comes when: in no span does more pass than the bucket held and the span brought. */
  @Property
  void neverLetsMorePassThanTheLimit(
      @ForAll @LongRange(min = 1, max = 100_000_000) long perMinute,
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 5_000) Integer> gapsMillis) {
    RateBucket bucket = full(perMinute);
    long now = 0;
    long passed = 0;
    for (int gap : gapsMillis) {
      now += TimeUnit.MILLISECONDS.toNanos(gap);
      long units = Math.max(1, perMinute / 7);
      if (bucket.take(now, units) == 0) {
        passed += units;
      }
      double brought = perMinute + (double) now / MINUTE * perMinute;
      assertThat((double) passed).isLessThanOrEqualTo(brought + 1e-6);
    }
  }

  /** Whoever waits as long as was said gets through, and nobody a microsecond earlier. */
  @Property
  void tellsHowLongToWait(
      @ForAll @LongRange(min = 1, max = 100_000_000) long perMinute,
      @ForAll @LongRange(min = 1, max = 100_000_000) long units,
      @ForAll @IntRange(min = 0, max = 999) int nanos) {
    RateBucket bucket = full(perMinute);
    assertThat(bucket.take(0, perMinute)).isZero();

    long wait = bucket.take(nanos, units);

    assertThat(wait).isPositive();
    assertThat(bucket.take(nanos + wait - 1, units)).isPositive();
    assertThat(bucket.take(nanos + wait, units)).isZero();
  }

  private static RateBucket full(long perMinute) {
    return new RateBucket(0, perMinute, perMinute);
  }
}
