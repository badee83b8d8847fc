package dev.penstock.dataplane.ratelimit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many nodes share a limit evenly, as a control plane last said that lends no shares. It owns
 * that number; the session writes it, every event loop reads it.
 */
final class FleetSize {

  private volatile Map<String, Integer> connectedByRegion = Map.of();

  /** The control plane has counted. */
  void onCounted(Map<String, Integer> connectedNodesByRegion) {
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
