package dev.penstock.controlplane.rollout;

import java.util.Set;

/**
 * Keeps a region's nodes at a revision while a later one goes out in waves.
 *
 * @param baseRevision what they stay at
 * @param released nodes of the region that do not stay there
 */
public record Hold(long baseRevision, Set<String> released) {

  public Hold {
    released = Set.copyOf(released);
  }
}
