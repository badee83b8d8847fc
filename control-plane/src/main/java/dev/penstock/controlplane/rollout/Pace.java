package dev.penstock.controlplane.rollout;

/** How a write reaches the nodes. */
public enum Pace {
  /** All at once; while a rollout in waves is under way, with that. */
  AT_ONCE,
  /** In waves of its own. */
  WAVES
}
