package dev.penstock.controlplane.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A revision that was numbered just now.
 *
 * @param before the one before it
 * @param rollbackOf the revision whose content it states again
 * @param ended tenants and budgets that it deletes
 */
public record NewRevision(
    long revision,
    long before,
    String author,
    Instant at,
    Pace pace,
    Optional<Long> rollbackOf,
    List<String> ended) {

  public NewRevision {
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(pace, "pace");
    Objects.requireNonNull(rollbackOf, "rollbackOf");
    ended = List.copyOf(ended);
  }
}
