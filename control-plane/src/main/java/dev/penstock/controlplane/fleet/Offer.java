package dev.penstock.controlplane.fleet;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the nodes of a region are to have: its newest snapshot or, while that goes out in waves and
 * it is not their turn, the one before them.
 *
 * @param waiting who has to wait; empty: nobody
 */
record Offer(PackedSnapshot newest, Optional<Waiting> waiting) {

  /**
   * Nodes that wait.
   *
   * @param baseRevision what they are kept at
   * @param base what they are to have meanwhile; empty where the region had nothing yet
   * @param released names of those that do not wait
   * @param takenAway what they may let in and have to refuse
   */
  record Waiting(
      long baseRevision, Optional<PackedSnapshot> base, Set<String> released, TakenAway takenAway) {
    Waiting {
      Objects.requireNonNull(base, "base");
      released = Set.copyOf(released);
      Objects.requireNonNull(takenAway, "takenAway");
    }
  }

  Offer {
    Objects.requireNonNull(newest, "newest");
    Objects.requireNonNull(waiting, "waiting");
  }

  boolean isHeldFrom(String node) {
    return waiting.filter(who -> !who.released().contains(node)).isPresent();
  }

  /**
   * What those who wait have to refuse, whatever their snapshot says.
   *
   * @param keys API keys that the newest snapshot revokes
   */
  List<String> toRefuse(Collection<String> keys) {
    return Stream.concat(
            keys.stream(), waiting.stream().flatMap(who -> who.takenAway().accounts().stream()))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * What a node should have; empty: what it has.
   *
   * @param applied the revision that it has. It may be above that of those who wait, from a rollout
   *     that another has taken the place of: no node goes back, so it stays as it is
   */
  Optional<PackedSnapshot> to(String node, long applied) {
    return isHeldFrom(node)
        ? waiting.flatMap(Waiting::base).filter(snapshot -> snapshot.revision() >= applied)
        : Optional.of(newest);
  }
}
