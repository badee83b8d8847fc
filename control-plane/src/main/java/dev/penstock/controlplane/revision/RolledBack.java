package dev.penstock.controlplane.revision;

import java.util.List;

/**
 * What a rollback did.
 *
 * @param revision the new one, or the old one where nothing had to change
 * @param rollbackOf whose content is stated again
 */
public record RolledBack(
    long revision, long rollbackOf, List<Change> changes, List<LeftAlone> leftAlone) {

  public RolledBack {
    changes = List.copyOf(changes);
    leftAlone = List.copyOf(leftAlone);
  }
}
