package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.Side;

/** A guard that an exchange passes. */
record BoundGuard(GuardRef ref, Guard guard) {

  boolean looksAtRequests() {
    return guard.on().contains(Side.INPUT);
  }

  boolean looksAtAnswers() {
    return guard.on().contains(Side.OUTPUT);
  }

  /** Whether an external guard is asked, too. */
  boolean asksOthers() {
    return guard.detectors().stream().anyMatch(Detector.Http.class::isInstance);
  }

  Action action(int detector) {
    return guard.detectors().get(detector).action();
  }
}
