package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.ledger.Ledger;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Tells nodes what the ledger wants of them though they have not asked: to give money back, or to
 * leave a lease that was set apart. It compares rows, so it does not matter which replica wanted
 * it, or whether the node heard it before.
 */
@Singleton
class LeaseReminders {

  private static final Logger LOG = Logger.getLogger(LeaseReminders.class);

  private final Fleet fleet;
  private final Ledger ledger;

  LeaseReminders(Fleet fleet, Ledger ledger) {
    this.fleet = fleet;
    this.ledger = ledger;
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void run() {
    try {
      remind();
    } catch (SQLException e) {
      LOG.debugf("nodes are not reminded now: %s", e.getMessage()); // again in a second
    }
  }

  /** Tells every node that has a session here. */
  void remind() throws SQLException {
    Set<String> nodes = fleet.nodes();
    if (nodes.isEmpty()) {
      return;
    }
    for (Map.Entry<String, List<LeaseAnswer>> ofNode : ledger.outstanding(nodes).entrySet()) {
      for (LeaseAnswer answer : ofNode.getValue()) {
        fleet.tell(ofNode.getKey(), new ControlSays.Money(answer));
      }
    }
  }
}
