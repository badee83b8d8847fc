package dev.penstock.controlplane.revision;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One step in the history of the state.
 *
 * @param rollbackOf the revision whose content it states again
 */
public record Revision(
    long revision, String author, Instant at, Optional<Long> rollbackOf, List<Change> changes) {

  public Revision {
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(rollbackOf, "rollbackOf");
    changes = List.copyOf(changes);
  }
}
