package dev.penstock.kernel.rollout;

import java.time.Duration;
import java.util.Objects;

/**
 * How long waves last.
 *
 * @param canary how long the first one is watched
 * @param quarter how long the second one is watched
 * @param patience how long after a wave has begun its nodes may take to put the revision in force
 */
public record WaveTimes(Duration canary, Duration quarter, Duration patience) {

  public WaveTimes {
    Objects.requireNonNull(canary, "canary");
    Objects.requireNonNull(quarter, "quarter");
    Objects.requireNonNull(patience, "patience");
    if (canary.isNegative() || quarter.isNegative()) {
      throw new IllegalArgumentException("a wave cannot be watched for less than no time");
    }
    if (patience.compareTo(canary) < 0 || patience.compareTo(quarter) < 0) {
      throw new IllegalArgumentException(
          "patience: %s (expected: at least as long as each wave is watched, %s and %s)"
              .formatted(patience, canary, quarter));
    }
  }

  /** How long a wave is watched at least; the last one only until all have answered. */
  public Duration of(Wave wave) {
    return switch (wave) {
      case CANARY -> canary;
      case QUARTER -> quarter;
      case ALL -> Duration.ZERO;
    };
  }
}
