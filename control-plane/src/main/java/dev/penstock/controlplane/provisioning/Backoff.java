package dev.penstock.controlplane.provisioning;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures: anything between nothing and {@code base × 2^(failures - 1)}, at
 * most {@code most}. The whole of it is left to chance, so that replicas that failed together do
 * not come back together.
 */
record Backoff(Duration base, Duration most) {

  private static final int MOST_DOUBLINGS = 30;

  Duration after(int failures, RandomGenerator chance) {
    int doublings = Math.min(Math.max(failures - 1, 0), MOST_DOUBLINGS);
    long bound = Math.min(base.toMillis() << doublings, most.toMillis());
    return Duration.ofMillis(chance.nextLong(bound + 1));
  }
}
