package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.Watch;
import java.util.ArrayList;
import java.util.List;

/** The guards that an answer has to pass. Immutable. */
final class OutputGuards {

  /** A watch, and whose it is. */
  private record Owner(BoundGuard guard, int detector) {}

  private final List<BoundGuard> guards;
  private final List<Watch> watches = new ArrayList<>();
  private final List<Owner> owners = new ArrayList<>();

  OutputGuards(List<BoundGuard> guards) {
    this.guards = guards;
    for (BoundGuard bound : guards) {
      for (int i = 0; i < bound.guard().detectors().size(); i++) {
        Owner owner = new Owner(bound, i);
        for (Watch watch : bound.guard().watches(i, holds(bound, i))) {
          watches.add(watch);
          owners.add(owner);
        }
      }
    }
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
    return watches.stream().anyMatch(Watch::holding);
  }

  /** What becomes of so many images, sounds and files. */
  Unsearched unsearched(int count, String firstAt) {
    return new Unsearched(count, firstAt, guards);
  }

  List<Watch> watches() {
    return watches;
  }

  BoundGuard guard(int watch) {
    return owners.get(watch).guard();
  }

  int detector(int watch) {
    return owners.get(watch).detector();
  }
}
