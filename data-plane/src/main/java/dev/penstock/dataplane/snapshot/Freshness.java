package dev.penstock.dataplane.snapshot;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How long ago the control plane was last heard of, which is how old what the node enforces may be.
 * The time that the node was not running counts.
 */
public final class Freshness {

  /** When nobody knows: longer than any limit. */
  static final Duration UNKNOWN = Duration.ofDays(365);

  private final LongSupplier nanos;
  private final AtomicLong heardAt;

  public Freshness() {
    this(System::nanoTime);
  }

  Freshness(LongSupplier nanos) {
    this.nanos = nanos;
    heardAt = new AtomicLong(nanos.getAsLong());
  }

  /** The control plane has given a sign of life. */
  public void onHeard() {
    heardAt.set(nanos.getAsLong());
  }

  /** A snapshot was found on disk, and this long ago the control plane had been heard of. */
  public void onRestored(Duration age) {
    heardAt.set(nanos.getAsLong() - age.toNanos());
  }

  /** Since when nothing was heard. */
  public Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - heardAt.get());
  }
}
