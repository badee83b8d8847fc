package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.kernel.guard.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the guards have found in one answer so far. Owned by its exchange. */
final class AnswerFindings {

  private record Key(BoundGuard guard, int detector, Rule rule, Effect effect) {}

  private static final class Tally {
    private final String firstAt;
    private int count;

    Tally(String firstAt) {
      this.firstAt = firstAt;
    }
  }

  private final OutputGuards guards;
  private final Map<Key, Tally> tallies = new LinkedHashMap<>(0);
  private @Nullable Key blocked;
  private int redacted;

  AnswerFindings(OutputGuards guards) {
    this.guards = guards;
  }

  /**
   * @param again whether the text has been searched before, so that it does not count
   * @param path of the text, in the words of the API
   * @param start in characters since the text began
   * @return whether it has to be redacted
   */
  boolean found(int watch, Rule rule, boolean again, String path, long start) {
    BoundGuard guard = guards.guard(watch);
    int detector = guards.detector(watch);
    Effect effect = Effect.of(guard.action(detector), guard.ref().observed(), true);
    Key key = new Key(guard, detector, rule, effect);
    if (!again || !tallies.containsKey(key)) {
      tallies.computeIfAbsent(key, found -> new Tally(path + ", character " + (start + 1))).count++;
    }
    if (effect.isDenial() && blocked == null) {
      blocked = key;
    }
    redacted += effect == Effect.REDACTED ? 1 : 0;
    return effect == Effect.REDACTED;
  }

  /** So many passages have to be redacted. */
  int redacted() {
    return redacted;
  }

  boolean isBlocked() {
    return blocked != null;
  }

  Optional<Finding> block() {
    return Optional.ofNullable(blocked).map(this::finding);
  }

  List<Finding> all() {
    return tallies.keySet().stream().map(this::finding).toList();
  }

  private Finding finding(Key key) {
    Tally tally = tallies.getOrDefault(key, new Tally(""));
    return new Finding(
        key.guard().ref().label(),
        key.detector(),
        key.guard().guard().detectors().get(key.detector()).type(),
        key.rule().name(),
        key.effect(),
        tally.count,
        tally.firstAt);
  }
}
