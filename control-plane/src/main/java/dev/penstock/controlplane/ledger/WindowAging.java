package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.ledger.Alignment;
import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseDecisions;
import dev.penstock.kernel.ledger.WindowDecisions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Lets what was spent leave rolling windows, step by step. It compares rows under their lock, so it
 * does not matter how many replicas do it, or how long nobody did. By the database's clock, which
 * also says in which step something is spent.
 */
@Singleton
public class WindowAging {

  private static final Logger LOG = Logger.getLogger(WindowAging.class);

  private final Transactions transactions;

  public WindowAging(Transactions transactions) {
    this.transactions = transactions;
  }

  @Scheduled(every = "15s", delayed = "15s", concurrentExecution = ConcurrentExecution.SKIP)
  void run() {
    try {
      age();
    } catch (SQLException e) {
      LOG.debugf("rolling windows do not age now: %s", e.getMessage()); // again in 15 s
    }
  }

  /** One round; returns how many windows something has left. */
  int age() throws SQLException {
    List<UUID> due = transactions.inOne(connection -> new StepRows(connection).dueWindows());
    return EachApart.of(
        "rolling window",
        due,
        windowId ->
            transactions.inOne(connection -> {
              LedgerRows rows = new LedgerRows(connection);
              return age(rows, new StepRows(connection), Ledger.lock(rows, windowId));
            }));
  }

  private static int age(LedgerRows rows, StepRows steps, BudgetWindow locked) throws SQLException {
    BudgetWindow window = locked;
    for (StepRows.Step step : steps.due(window.windowId())) {
      Alignment aged = WindowDecisions.age(window.balance(), step.name(), step.due());
      rows.book(window, aged, "window-aging");
      steps.gone(window.windowId(), step);
      window = new BudgetWindow(window.budgetId(), window.period(), aged.window());
    }
    // What was taken for used counts in no step: it leaves lease by lease.
    for (LeaseBalance lease : steps.oldPresumptions(window.windowId())) {
      Decision decision = LeaseDecisions.forget(window.balance(), lease);
      rows.book(new Booking(lease, window.pendingCut(), decision, "window-aging"));
      window = new BudgetWindow(window.budgetId(), window.period(), decision.window());
    }
    return 1;
  }
}
