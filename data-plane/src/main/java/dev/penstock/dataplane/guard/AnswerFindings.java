package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.kernel.guard.Rule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the guards have found in one answer so far. Owned by its exchange. */
final class AnswerFindings {

  private final OutputGuards guards;
  private final Tallies tallies;
  private Tallies.@Nullable Key blocked;
  private int redacted;

  AnswerFindings(OutputGuards guards) {
    this.guards = guards;
    tallies = new Tallies(guards.all());
  }

  /**
   * @param again whether the text has been searched before, so that it does not count
   * @param path of the text, in the words of the API
   * @param start in characters since the text began
   * @return whether it has to be redacted
   */
  boolean found(int watch, Rule rule, boolean again, String path, long start) {
    Tallies.Key key = tallies.key(guards.guard(watch), guards.detector(watch), rule, true);
    if (!again || !tallies.has(key)) {
      tallies.count(key, () -> path + ", character " + (start + 1));
    }
    if (key.effect().isDenial() && blocked == null) {
      blocked = key;
    }
    boolean redacts = key.effect() == Effect.REDACTED;
    redacted += redacts ? 1 : 0;
    return redacts;
  }

  /** So many passages have to be redacted. */
  int redacted() {
    return redacted;
  }

  boolean isBlocked() {
    return blocked != null;
  }

  Optional<Finding> block() {
    return tallies.of(blocked);
  }

  List<Finding> all() {
    return tallies.all();
  }
}
