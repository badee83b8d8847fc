package dev.penstock.dataplane.snapshot;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How long ago the node was last known to have in force what the control plane wants it to have,
 * which is how old what it enforces may be. The time that the node was not running counts.
 *
 * <p>A sign of life alone is not enough: a node that refuses every snapshot hears its control plane
 * all the time and is out of date nevertheless. Where a snapshot is in force but for some tenants,
 * whose resources were refused, those tenants have an age of their own.
 */
public final class Freshness {

  /** When nobody knows: longer than any limit. */
  static final Duration UNKNOWN = Duration.ofDays(365);

  private final LongSupplier nanos;
  private final AtomicLong currentAt;

  /** By tenant, of those that are served by something older than the snapshot. */
  private volatile Map<String, Long> keptSince = Map.of();

  public Freshness() {
    this(System::nanoTime);
  }

  Freshness(LongSupplier nanos) {
    this.nanos = nanos;
    currentAt = new AtomicLong(nanos.getAsLong());
  }

  /** What is in force was the newest at this time ({@link System#nanoTime}). */
  void onCurrent(long atNanos) {
    currentAt.accumulateAndGet(atNanos, (last, at) -> at - last > 0 ? at : last);
  }

  /** What is in force is the newest. */
  public void onCurrent() {
    onCurrent(nanos.getAsLong());
  }

  /** A snapshot was found on disk, and this long ago it was last known to be the newest. */
  public void onRestored(Duration age) {
    currentAt.set(nanos.getAsLong() - age.toNanos());
  }

  /** These tenants, and no others, are served by something older from now on, or still. */
  void onKept(Set<String> tenants) {
    Map<String, Long> since = new HashMap<>();
    long now = nanos.getAsLong();
    tenants.forEach(tenant -> since.put(tenant, keptSince.getOrDefault(tenant, now)));
    keptSince = Map.copyOf(since);
  }

  /** As {@link #onKept}, of a snapshot that was found on disk. */
  void onKeptRestored(Map<String, Duration> ages) {
    Map<String, Long> since = new HashMap<>();
    long now = nanos.getAsLong();
    ages.forEach((tenant, age) -> since.put(tenant, now - age.toNanos()));
    keptSince = Map.copyOf(since);
  }

  /** Of the tenants that are served by something older, how long. */
  Map<String, Duration> keptFor() {
    Map<String, Duration> ages = new HashMap<>();
    long now = nanos.getAsLong();
    keptSince.forEach((tenant, since) -> ages.put(tenant, Duration.ofNanos(now - since)));
    return ages;
  }

  /** How old what the node as a whole enforces may be. */
  public Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - currentAt.get());
  }

  /** How old what the node enforces for a tenant may be. */
  public Duration age(String tenant) {
    long now = nanos.getAsLong();
    long ofNode = now - currentAt.get();
    Long since = keptSince.get(tenant);
    return Duration.ofNanos(since == null ? ofNode : Math.max(ofNode, now - since));
  }
}
