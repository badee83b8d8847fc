package dev.penstock.dataplane.ratelimit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many nodes share a limit, as the control plane last said. It owns that number; the session
 * writes it, every event loop reads it.
 */
public final class FleetSize {

  private volatile Map<String, Integer> connectedByRegion = Map.of();

  /** The control plane has counted. */
  public void onCounted(Map<String, Integer> connectedNodesByRegion) {
    connectedByRegion = Map.copyOf(connectedNodesByRegion);
  }

  /**
   * Nodes that may serve a tenant; at least this one.
   *
   * @param regions in which the tenant may be served; absent: in all
   */
  int nodesFor(Optional<Set<String>> regions) {
    long nodes = 0;
    for (Map.Entry<String, Integer> region : connectedByRegion.entrySet()) {
      if (regions.isEmpty() || regions.get().contains(region.getKey())) {
        nodes += region.getValue();
      }
    }
    return (int) Math.max(1, nodes);
  }
}
