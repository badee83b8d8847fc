package dev.penstock.controlplane.threshold;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.snapshot.ThresholdAction;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What nodes are told of budgets' actions. Read anew every second, not for every node. Blocks. */
@Singleton
public class ActionsInForce {

  private static final Logger LOG = Logger.getLogger(ActionsInForce.class);
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Transactions transactions;
  private volatile Read last = new Read(List.of(), System.nanoTime() - FRESH_NANOS - 1);

  ActionsInForce(Transactions transactions) {
    this.transactions = transactions;
  }

  /** An action that a budget's threshold does now. */
  public record InForce(UUID budgetId, int atPercent, ThresholdAction action) {
    public InForce {
      Objects.requireNonNull(budgetId, "budgetId");
      Objects.requireNonNull(action, "action");
    }
  }

  private record Read(List<InForce> actions, long atNanos) {}

  /** All of them; as they were last known where the database cannot be asked. */
  public List<InForce> now() {
    Read known = last;
    if (System.nanoTime() - known.atNanos() > FRESH_NANOS) {
      List<InForce> actions = known.actions();
      try {
        actions =
            transactions.inOne(connection -> List.copyOf(new ThresholdRows(connection).inForce()));
      } catch (SQLException e) {
        LOG.debugf("cannot read the actions of budgets: %s", e.getMessage());
      }
      known = new Read(actions, System.nanoTime());
      last = known;
    }
    return known.actions();
  }
}
