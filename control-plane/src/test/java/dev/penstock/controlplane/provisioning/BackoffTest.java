package dev.penstock.controlplane.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {

  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10));

  @Property
  void waitsAnyPartOfADoublingTimeAndNeverLongerThanTheMost(
      @ForAll @IntRange(min = 0, max = 1_000_000) int failures, @ForAll long seed) {
    Duration waited = BACKOFF.after(failures, new Random(seed));

    assertThat(waited).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    if (failures <= 9) {
      assertThat(waited.toMillis()).isLessThanOrEqualTo(1000L << Math.max(0, failures - 1));
    }
  }

  @Property(tries = 50)
  void leavesTheWholeOfItToChance(@ForAll long seed) {
    Random chance = new Random(seed);

    long most = 0;
    for (int i = 0; i < 200; i++) {
      most = Math.max(most, BACKOFF.after(20, chance).toMillis());
    }

    assertThat(most).isGreaterThan(Duration.ofMinutes(9).toMillis());
  }
}
