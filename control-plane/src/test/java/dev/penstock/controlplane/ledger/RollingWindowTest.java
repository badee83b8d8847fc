package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LedgerKit.Spool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Budgets whose window rolls, in a real database. */
class RollingWindowTest {

  private final LedgerKit kit = new LedgerKit();
  private final Spool spool = Spool.of("eu-west-1");
  private final UUID leaseId = UUID.randomUUID();
  private final WindowAging aging = new WindowAging(kit.transactions);

  @Test
  void whatWasSpentCanBeSpentAgainOnceItsStepHasLeft() throws SQLException {
    UUID budgetId = rolling(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    kit.settle(spool, 1, 1, leaseId, 300);
    kit.close(leaseId, spool, 1, 1);

    pass(budgetId, "24 h");
    aging.age();
    assertThat(kit.window(budgetId).spent()).as("its step has not left wholly").isEqualTo(300);

    pass(budgetId, "61 min");
    aging.age();
    aging.age();

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.spent()).isZero();
    assertThat(window.available()).isEqualTo(1000);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void stepsLeaveOneAfterTheOther() throws SQLException {
    UUID budgetId = rolling(1000);
    kit.granted(leaseId, budgetId, spool, 900, 900);
    kit.settle(spool, 1, 1, leaseId, 300);
    pass(budgetId, "12 h");
    kit.settle(spool, 2, 2, leaseId, 200);

    pass(budgetId, "14 h");
    aging.age();

    assertThat(kit.window(budgetId).spent()).isEqualTo(200);
    pass(budgetId, "13 h");
    aging.age();
    assertThat(kit.window(budgetId).spent()).isZero();
    assertThat(kit.window(budgetId).leased()).isEqualTo(400);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void anOverdraftDoesNotWidenTheWindow() throws SQLException {
    UUID budgetId = rolling(1000);
    kit.granted(leaseId, budgetId, spool, 1000, 1000);
    kit.settle(spool, 1, 1, leaseId, 1200);

    pass(budgetId, "26 h");
    aging.age();

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.overage()).isZero();
    assertThat(window.available()).isEqualTo(1000);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aLeaseGoesOnUntilTheNextStepMayLeave() throws SQLException {
    UUID budgetId = rolling(1000);

    LeaseAnswer.Granted granted = kit.granted(leaseId, budgetId, spool, 10, 10);

    assertThat(granted.windowRemaining()).isBetween(Duration.ofSeconds(1), Duration.ofHours(1));
  }

  private UUID rolling(long amount) throws SQLException {
    UUID budgetId = kit.budget(amount);
    admin("UPDATE policy.budget SET rolling_seconds = 86400 WHERE budget_id = ?", budgetId);
    return budgetId;
  }

  /** Time passes for a budget. */
  private static void pass(UUID budgetId, String time) throws SQLException {
    admin(
        """
        UPDATE ledger.window_step SET starts_at = starts_at - ?::interval, ends_at = ends_at - ?::interval
        WHERE window_id IN (SELECT window_id FROM ledger.budget_window WHERE budget_id = ?)\
        """,
        time,
        time,
        budgetId);
  }

  private static void admin(String sql, Object... arguments) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      LedgerKit.execute(connection, sql, arguments);
    }
  }
}
