package dev.penstock.kernel.guard;

import java.util.Objects;

/** A detector of a guard that watches texts while they grow. Immutable, for any thread. */
public final class Watch {

  private final TextScan scan;
  private final boolean holding;
  private final long limit; // of characters, beyond which a text is told of

  Watch(TextScan scan, boolean holding) {
    this(scan, holding, Long.MAX_VALUE);
  }

  private Watch(TextScan scan, boolean holding, long limit) {
    this.scan = Objects.requireNonNull(scan, "scan");
    this.holding = holding;
    this.limit = limit;
  }

  /** Of how long texts are; nobody waits for it. */
  static Watch ofSize(long limit) {
    return new Watch((text, from, last, budget, found) -> text.length(), false, limit);
  }

  TextScan scan() {
    return scan;
  }

  /** Whether text has to wait while this detector cannot decide on it. */
  public boolean holding() {
    return holding;
  }

  /** Whether a text that was so long and has grown has become too long. */
  boolean passedBy(long before, long now) {
    return before <= limit && now > limit;
  }

  long limit() {
    return limit;
  }
}
