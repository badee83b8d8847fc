package dev.penstock.kernel.guard;

import java.util.Objects;

/** A detector of a guard that watches texts while they grow. Immutable, for any thread. */
public final class Watch {

  private final TextScan scan;
  private final boolean holding;

  Watch(TextScan scan, boolean holding) {
    this.scan = Objects.requireNonNull(scan, "scan");
    this.holding = holding;
  }

  TextScan scan() {
    return scan;
  }

  /** Whether text has to wait while this detector cannot decide on it. */
  boolean holding() {
    return holding;
  }
}
