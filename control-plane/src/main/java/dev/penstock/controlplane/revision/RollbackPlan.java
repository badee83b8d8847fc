package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.penstock.controlplane.impact.Impact;
import java.util.List;
import java.util.Objects;

/**
 * What a rollback would do; nothing has been done.
 *
 * @param revision of the state that it was found out on
 * @param rollbackOf whose content would be stated again
 */
public record RollbackPlan(
    long revision,
    long rollbackOf,
    List<PlannedChange> changes,
    Impact impact,
    List<LeftAlone> leftAlone) {

  public RollbackPlan {
    changes = List.copyOf(changes);
    Objects.requireNonNull(impact, "impact");
    leftAlone = List.copyOf(leftAlone);
  }

  /** As {@link Plan#tag}. */
  @JsonIgnore
  public EntityTag tag() {
    return EntityTag.ofRevision(revision);
  }
}
