package dev.penstock.dataplane.guard;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;

/** A guard that an exchange passes. */
record BoundGuard(GuardRef ref, Guard guard) {

  Action action(int detector) {
    return guard.detectors().get(detector).action();
  }
}
