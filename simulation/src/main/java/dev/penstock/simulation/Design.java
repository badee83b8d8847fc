package dev.penstock.simulation;

/** The protocol as it is built, and ways of building it that look right and are not. */
public enum Design {
  /** As it is built. */
  SOUND,
  /** What a silent node has goes back to the window at once. */
  RECLAIM_AT_EXPIRY,
  /**
   * A node that hears nothing stops by its own clock, and what it has goes back once no request of
   * its can be running.
   */
  STOP_AT_EXPIRY,
  /** A grant says how much is added, not how much it is in all. */
  DELTA_GRANTS,
  /** A node looks whether the money is there and does not set it aside. */
  CHECK_THEN_ACT,
  /** Records are booked as often as they come. */
  NO_DEDUPLICATION,
  /** What is held beyond a stream's first part is not written down. */
  UNWRITTEN_EXTENSIONS
}
