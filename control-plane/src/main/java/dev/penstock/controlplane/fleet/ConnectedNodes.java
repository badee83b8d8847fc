package dev.penstock.controlplane.fleet;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * How many nodes are connected, to whichever replica. Counted anew every few seconds and not for
 * every node that asks. Blocks.
 */
@Singleton
class ConnectedNodes {

  private static final Logger LOG = Logger.getLogger(ConnectedNodes.class);
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final NodeRows nodes;
  private volatile Counted last = new Counted(Map.of(), System.nanoTime() - FRESH_NANOS - 1);

  ConnectedNodes(NodeRows nodes) {
    this.nodes = nodes;
  }

  private record Counted(Map<String, Integer> byRegion, long atNanos) {}

  /** By region; the last known number where the database cannot be asked. */
  Map<String, Integer> byRegion() {
    Counted known = last;
    if (System.nanoTime() - known.atNanos() > FRESH_NANOS) {
      Map<String, Integer> counted = known.byRegion();
      try {
        counted = nodes.connectedByRegion();
      } catch (SQLException e) {
        LOG.debugf("cannot count the nodes: %s", e.getMessage());
      }
      known = new Counted(counted, System.nanoTime());
      last = known;
    }
    return known.byRegion();
  }
}
