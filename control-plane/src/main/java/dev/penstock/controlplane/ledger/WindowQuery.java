package dev.penstock.controlplane.ledger;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which windows of a budget are asked for, by their start.
 *
 * @param from the first start that counts
 * @param before the first start that counts no more
 */
record WindowQuery(Instant from, Instant before, boolean oldestFirst, int limit) {

  /** Before every window and after every one, as far as Postgres and Java both know the time. */
  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

  /** The smallest step of Postgres' time. */
  private static final long STEP_NANOS = 1_000;

  static final WindowQuery NEWEST = new WindowQuery(BEGINNING, END, false, 1);

  /**
   * @param to the first start that counts no more
   * @param beyond the start after which the page begins, in its order
   */
  static WindowQuery of(
      Optional<Instant> from,
      Optional<Instant> to,
      boolean oldestFirst,
      Optional<Instant> beyond,
      int limit) {
    Instant first = from.orElse(BEGINNING);
    Instant end = to.orElse(END);
    if (beyond.isEmpty()) {
      return new WindowQuery(first, end, oldestFirst, limit);
    }
    return oldestFirst
        ? new WindowQuery(later(first, beyond.get().plusNanos(STEP_NANOS)), end, true, limit)
        : new WindowQuery(first, earlier(end, beyond.get()), false, limit);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** What was found and, in its place, the current window where it is asked for and not there. */
  List<BudgetWindow> with(BudgetWindow current, List<BudgetWindow> found) {
    Instant start = current.period().startsAt();
    if (start.isBefore(from)
        || !start.isBefore(before)
        || found.stream().anyMatch(window -> window.windowId().equals(current.windowId()))) {
      return found;
    }
    Comparator<BudgetWindow> order = Comparator.comparing(window -> window.period().startsAt());
    return Stream.concat(found.stream(), Stream.of(current))
        .sorted(oldestFirst ? order : order.reversed())
        .limit(limit)
        .toList();
  }
}
