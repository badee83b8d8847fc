package dev.penstock.kernel.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One look at the fleet.
 *
 * @param inWave how long ago the wave began
 * @param nodes all that are known
 * @param before what became of requests before the rollout
 * @param now what became of requests that were decided by it, in this wave
 */
public record Look(Duration inWave, List<NodeStanding> nodes, Traffic before, Traffic now) {

  public Look {
    Objects.requireNonNull(inWave, "inWave");
    nodes = List.copyOf(nodes);
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(now, "now");
  }
}
