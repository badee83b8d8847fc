package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.kernel.guard.Rule;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How often each rule of the guards that bind has been found, and where first. Of one exchange. */
final class Tallies {

  /**
   * What is counted.
   *
   * @param guard its place among the guards that bind
   */
  record Key(int guard, int detector, Rule rule, Effect effect) {}

  private static final class Tally {
    private final String firstAt;
    private int count;

    Tally(String firstAt) {
      this.firstAt = firstAt;
    }
  }

  private final List<BoundGuard> guards;
  private final Map<Key, Tally> tallies = new LinkedHashMap<>(4);

  Tallies(List<BoundGuard> guards) {
    this.guards = guards;
  }

  /**
   * What becomes of a find.
   *
   * @param replaceable whether a placeholder can take its place
   */
  Key key(int guard, int detector, Rule rule, boolean replaceable) {
    BoundGuard bound = guards.get(guard);
    Effect effect = Effect.of(bound.action(detector), bound.ref().observed(), replaceable);
    return new Key(guard, detector, rule, effect);
  }

  /**
   * @param place asked for where it is the first
   */
  void count(Key key, Supplier<String> place) {
    tallies.computeIfAbsent(key, first -> new Tally(place.get())).count++;
  }

  boolean has(Key key) {
    return tallies.containsKey(key);
  }

  boolean anyOf(Effect effect) {
    return tallies.keySet().stream().anyMatch(each -> each.effect() == effect);
  }

  /** In the order in which they were first found. */
  List<Finding> all() {
    return tallies.entrySet().stream()
        .map(each -> finding(each.getKey(), each.getValue()))
        .toList();
  }

  /** In the order of guards and detectors. */
  List<Finding> inOrder() {
    return tallies.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<Key, Tally> each) -> each.getKey().guard())
                .thenComparingInt(each -> each.getKey().detector()))
        .map(each -> finding(each.getKey(), each.getValue()))
        .toList();
  }

  Optional<Finding> of(@Nullable Key key) {
    return Optional.ofNullable(key)
        .flatMap(
            known -> Optional.ofNullable(tallies.get(known)).map(tally -> finding(known, tally)));
  }

  private Finding finding(Key key, Tally tally) {
    BoundGuard bound = guards.get(key.guard());
    return new Finding(
        bound.ref().label(),
        key.detector(),
        bound.guard().detectors().get(key.detector()).type(),
        key.rule().name(),
        key.effect(),
        tally.count,
        tally.firstAt);
  }
}
