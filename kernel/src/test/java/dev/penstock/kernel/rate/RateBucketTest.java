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

  @Test
  void holdsAMinutesUnitsAndFillsEvenly() {
    RateBucket bucket = new RateBucket(0);
    for (int i = 0; i < 60; i++) {
      assertThat(bucket.take(0, 1, 60)).isZero();
    }

    assertThat(bucket.take(0, 1, 60)).isEqualTo(SECOND);
    assertThat(bucket.take(SECOND - 1, 1, 60)).isEqualTo(1);
    assertThat(bucket.take(SECOND, 1, 60)).isZero();
    assertThat(bucket.take(SECOND, 1, 60)).isEqualTo(SECOND);
  }

  @Test
  void letsWhatIsGreaterThanAMinutesUnitsPassWhenItIsFull() {
    RateBucket bucket = new RateBucket(0);

    assertThat(bucket.take(0, 500, 60)).isZero();
    assertThat(bucket.take(30 * SECOND, 500, 60)).isEqualTo(30 * SECOND);
    assertThat(bucket.take(MINUTE, 500, 60)).isZero();
  }

  @Test
  void isCorrectedBothWays() {
    RateBucket bucket = new RateBucket(0);
    assertThat(bucket.take(0, 10, 60)).isZero();

    bucket.correct(0, 80, 60);
    assertThat(bucket.take(0, 1, 60)).isEqualTo(31 * SECOND);
    bucket.correct(0, -40, 60);
    assertThat(bucket.take(0, 10, 60)).isZero();
    assertThat(bucket.take(0, 1, 60)).isEqualTo(SECOND);
  }

  /** No fewer than it says can be taken, and not one more. */
  @Property
  void tellsWhatIsLeft(
      @ForAll @LongRange(min = 1, max = 100_000_000) long perMinute,
      @ForAll @IntRange(min = 0, max = 100) int percentTaken,
      @ForAll @IntRange(min = 0, max = 90_000) int laterMillis) {
    RateBucket bucket = new RateBucket(0);
    bucket.correct(0, perMinute / 100 * percentTaken, perMinute);
    long now = TimeUnit.MILLISECONDS.toNanos(laterMillis);

    long left = bucket.left(now, perMinute);

    assertThat(bucket.untilFullNanos(now) == 0).isEqualTo(left == perMinute);
    bucket.correct(now, left, perMinute);
    assertThat(bucket.untilFullNanos(now)).isLessThanOrEqualTo(MINUTE + 1);
    assertThat(bucket.left(now, perMinute)).isLessThanOrEqualTo(1 + perMinute / 60_000_000);
  }

  @Test
  void hasNothingLeftWhileItOwes() {
    RateBucket bucket = new RateBucket(0);
    bucket.correct(0, 90, 60);

    assertThat(bucket.left(0, 60)).isZero();
    assertThat(bucket.untilFullNanos(0)).isEqualTo(90 * SECOND);
  }

  @Test
  void worksWhereverTheClockBegan() {
    long start = Long.MAX_VALUE - SECOND; // it runs over in mid-test
    RateBucket bucket = new RateBucket(start);

    assertThat(bucket.take(start, 60, 60)).isZero();
    assertThat(bucket.take(start + 2 * SECOND, 2, 60)).isZero();
    assertThat(bucket.take(start + 2 * SECOND, 1, 60)).isEqualTo(SECOND);
  }

  /** Whatever comes when: in no span does more pass than the bucket held and the span brought. */
  @Property
  void neverLetsMorePassThanTheLimit(
      @ForAll @LongRange(min = 1, max = 100_000) long perMinute,
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 5_000) Integer> gapsMillis) {
    RateBucket bucket = new RateBucket(0);
    long now = 0;
    long passed = 0;
    for (int gap : gapsMillis) {
      now += TimeUnit.MILLISECONDS.toNanos(gap);
      long units = Math.max(1, perMinute / 7);
      if (bucket.take(now, units, perMinute) == 0) {
        passed += units;
      }
      double brought = perMinute + (double) now / MINUTE * perMinute;
      assertThat((double) passed).isLessThanOrEqualTo(brought + 1e-6);
    }
  }

  /** Whoever waits as long as was said gets through. */
  @Property
  void tellsHowLongToWait(
      @ForAll @LongRange(min = 1, max = 1_000_000) long perMinute,
      @ForAll @LongRange(min = 1, max = 1_000_000) long units) {
    RateBucket bucket = new RateBucket(0);
    assertThat(bucket.take(0, perMinute, perMinute)).isZero();

    long wait = bucket.take(0, units, perMinute);

    assertThat(wait).isPositive();
    assertThat(bucket.take(wait, units, perMinute)).isZero();
  }
}
