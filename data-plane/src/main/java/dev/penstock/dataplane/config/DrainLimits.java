package dev.penstock.dataplane.config;

import java.time.Duration;
import java.util.Objects;

/**
 * How far providers are read on whose clients have left, where a provider is to be drained. Beyond
 * any of these its call ends like every other call without a client.
 *
 * @param atOnce calls of a node, at the same time
 * @param time of one call, from when its client left
 * @param tokens of one call's output, counted from there as events with content
 */
public record DrainLimits(int atOnce, Duration time, int tokens) {

  public static final DrainLimits DEFAULTS = new DrainLimits(32, Duration.ofMinutes(2), 32_768);

  public DrainLimits {
    Objects.requireNonNull(time, "time");
  }
}
