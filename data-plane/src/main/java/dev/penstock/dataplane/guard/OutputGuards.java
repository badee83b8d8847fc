package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.Watch;
import java.util.ArrayList;
import java.util.List;

/** The guards that an answer has to pass. Immutable. */
final class OutputGuards {

  /** Whose a watch is: the places of its guard, and of its detector in that. */
  private record Owner(int guard, int detector) {}

  private final List<BoundGuard> guards;
  private final List<Watch> watches = new ArrayList<>();
  private final List<Owner> owners = new ArrayList<>();
  private final boolean change;

  OutputGuards(List<BoundGuard> guards) {
    this.guards = guards;
    for (int place = 0; place < guards.size(); place++) {
      BoundGuard bound = guards.get(place);
      for (int i = 0; i < bound.guard().detectors().size(); i++) {
        Owner owner = new Owner(place, i);
        for (Watch watch : bound.guard().watches(i, holds(bound, i))) {
          watches.add(watch);
          owners.add(owner);
        }
      }
    }
    change = watches.stream().anyMatch(Watch::holding);
  }

  /** Text need not wait for a verdict that would not change it. */
  private static boolean holds(BoundGuard bound, int detector) {
    return switch (Finding.Effect.of(bound.action(detector), bound.ref().observed(), true)) {
      case BLOCKED, BLOCKED_NAME, REDACTED -> true;
      case FLAGGED, WOULD_BLOCK, WOULD_REDACT -> false;
    };
  }

  /** Whether any of them changes or ends answers. */
  boolean change() {
    return change;
  }

  /** What becomes of so many images, sounds and files. */
  Unsearched unsearched(int count, String firstAt) {
    return new Unsearched(count, firstAt, guards);
  }

  List<BoundGuard> all() {
    return guards;
  }

  List<Watch> watches() {
    return watches;
  }

  /** The place of a watch's guard among them. */
  int guard(int watch) {
    return owners.get(watch).guard();
  }

  int detector(int watch) {
    return owners.get(watch).detector();
  }
}
