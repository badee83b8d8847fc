package dev.penstock.controlplane.fleet;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
   * @param takenAway what they may let in and the newest snapshot does not, or not for as long
   * @param refused what of that they have to refuse by now: ids of keys, hashes of accounts
   */
  record Waiting(
      long baseRevision,
      Optional<PackedSnapshot> base,
      Set<String> released,
      TakenAway takenAway,
      Set<String> refused) {
    Waiting {
      Objects.requireNonNull(base, "base");
      released = Set.copyOf(released);
      Objects.requireNonNull(takenAway, "takenAway");
      refused = Set.copyOf(refused);
    }
  }

  Offer {
    Objects.requireNonNull(newest, "newest");
    Objects.requireNonNull(waiting, "waiting");
  }

  boolean isHeldFrom(String node) {
    return waiting.filter(who -> !who.released().contains(node)).isPresent();
  }

  /** What those who wait have to refuse by now, whatever their snapshot says of it. */
  Set<String> refused() {
    return waiting.map(Waiting::refused).orElse(Set.of());
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
