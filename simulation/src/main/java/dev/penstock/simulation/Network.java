package dev.penstock.simulation;

import java.time.Duration;

/** Between nodes and control plane: messages are late, lost, doubled and out of order. */
final class Network {

  private static final Duration DELAY = Duration.ofMillis(8);

  /** Some messages are held up for long: they arrive after many that were sent later. */
  private static final Duration LONG_DELAY = Duration.ofSeconds(2);

  private static final double HELD_UP = 0.02;

  private final World world;
  private final Scenario scenario;
  private boolean calm;

  Network(World world, Scenario scenario) {
    this.world = world;
    this.scenario = scenario;
  }

  /** From now on every message arrives, once. */
  void calm() {
    calm = true;
  }

  void send(Runnable delivery) {
    if (calm) {
      world.after(DELAY, delivery);
      return;
    }
    if (!world.chance(scenario.loss())) {
      world.after(delay(), delivery);
    }
    if (world.chance(scenario.duplication())) {
      world.after(delay(), delivery);
    }
  }

  private Duration delay() {
    return world.exponential(world.chance(HELD_UP) ? LONG_DELAY : DELAY);
  }
}
