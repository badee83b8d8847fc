package dev.penstock.simulation;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time and chance: what happens next is decided by the seed and by nothing else. */
final class World {

  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final SplittableRandom random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long order;

  World(SplittableRandom random) {
    this.random = random;
  }

  /** Nanoseconds since the beginning. */
  long now() {
    return now;
  }

  SplittableRandom random() {
    return random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A time that is short mostly and long at times, as between independent events. */
  Duration exponential(Duration mean) {
    return Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * mean.toNanos()));
  }

  void after(Duration delay, Runnable what) {
    events.add(new Event(now + Math.max(0, delay.toNanos()), order++, what));
  }

  /** Goes on until a time; what is due later waits. */
  void runUntil(Duration end) {
    while (!events.isEmpty() && events.peek().at() <= end.toNanos()) {
      Event next = events.poll();
      now = next.at();
      next.what().run();
    }
    now = end.toNanos();
  }
}
