package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.rollout.Pace;
import java.util.Objects;
import java.util.Optional;

/**
 * How a revision goes out.
 *
 * @param rollbackOf the revision whose content it states again
 */
record Release(Pace pace, Optional<Long> rollbackOf) {

  Release {
    Objects.requireNonNull(pace, "pace");
    Objects.requireNonNull(rollbackOf, "rollbackOf");
  }

  static Release of(Pace pace) {
    return new Release(pace, Optional.empty());
  }
}
