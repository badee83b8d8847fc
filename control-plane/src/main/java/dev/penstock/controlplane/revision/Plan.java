package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.penstock.controlplane.impact.Impact;
import java.util.List;
import java.util.Objects;

/**
 * What a write would do; nothing has been done.
 *
 * @param revision of the state that it was found out on
 */
public record Plan(long revision, List<PlannedChange> changes, Impact impact) {

  public Plan {
    changes = List.copyOf(changes);
    Objects.requireNonNull(impact, "impact");
  }

  /** Names the state that the plan holds for: sent as If-Match, only this plan is carried out. */
  @JsonIgnore
  public EntityTag tag() {
    return EntityTag.ofRevision(revision);
  }
}
