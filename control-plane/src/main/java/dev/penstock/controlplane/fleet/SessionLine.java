package dev.penstock.controlplane.fleet;

/** The line to a node, as {@code wire} provides it. One thread writes: the session's. */
public interface SessionLine {

  /** Whether a write would go out rather than pile up in memory. */
  boolean isReady();

  /** Writes. */
  void say(ControlSays says);

  /** Lets the node say one more thing. */
  void listen();

  /** Ends the session; nothing may be written any more. */
  void end(EndCause cause);
}
