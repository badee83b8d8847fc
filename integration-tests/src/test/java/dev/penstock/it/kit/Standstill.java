package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** Waits until a number that has begun to grow does not grow any more. */
public final class Standstill {
  private static final Duration STILL = Duration.ofMillis(600);

  private Standstill() {}

  public static void await(LongSupplier number) {
    long[] last = {0};
    Awaitility.await("a standstill")
        .atMost(Patience.FOR_AN_ANSWER)
        .pollInterval(STILL)
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> {
          long before = last[0];
          last[0] = number.getAsLong();
          assertThat(last[0]).isPositive().isEqualTo(before);
        });
  }
}
