package dev.penstock.controlplane.revision;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** One step in the history of the state. */
public record Revision(long revision, String author, Instant at, List<Change> changes) {

  public Revision {
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(at, "at");
    changes = List.copyOf(changes);
  }
}
