package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LedgerKit.Spool;
import dev.penstock.kernel.ledger.WindowBalance.Mode;
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

  @Test
  void whatIsAddedToAStepThatIsGoneLeavesAsWell() throws SQLException {
    UUID budgetId = rolling(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    kit.settle(spool, 1, 1, leaseId, 300);
    pass(budgetId, "26 h");
    aging.age();
    assertThat(kit.window(budgetId).spent()).isZero();

    // The window is made longer, and its step of now begins where the hour began that is gone.
    admin("UPDATE policy.budget SET rolling_seconds = 30 * 86400 WHERE budget_id = ?", budgetId);
    kit.ledger.followBudgets();
    admin(
        """
        UPDATE ledger.window_step SET starts_at = to_timestamp(108000 * floor(extract(epoch FROM now()) / 108000)),
          ends_at = to_timestamp(108000 * floor(extract(epoch FROM now()) / 108000) + 3600)
        WHERE window_id IN (SELECT window_id FROM ledger.budget_window WHERE budget_id = ?)\
        """,
        budgetId);
    kit.settle(spool, 2, 2, leaseId, 70);
    pass(budgetId, "30 d");
    aging.age();
    assertThat(kit.window(budgetId).spent()).as("its longer step has not left").isEqualTo(70);
    pass(budgetId, "31 h");
    aging.age();

    assertThat(kit.window(budgetId).spent()).isZero();
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void oneWindowThatCannotAgeKeepsNoOtherFromIt() throws SQLException {
    UUID sound = rolling(1000);
    kit.granted(leaseId, sound, spool, 400, 400);
    kit.settle(spool, 1, 1, leaseId, 300);
    UUID odd = rolling(1000);
    UUID other = UUID.randomUUID();
    kit.granted(other, odd, spool, 400, 400);
    kit.settle(spool, 2, 2, other, 100);
    steps(odd, "spent = 2000");
    pass(sound, "26 h");
    pass(odd, "26 h");

    assertThat(aging.age()).isPositive();

    assertThat(kit.window(sound).spent()).isZero();
    assertThat(kit.window(odd).spent()).isEqualTo(100);
    steps(odd, "spent = 100");
    aging.age();
    assertThat(kit.window(odd).spent()).isZero();
  }

  @Test
  void aWindowFollowsItsBudgetWithoutANewLease() throws SQLException {
    UUID budgetId = rolling(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    kit.settle(spool, 1, 1, leaseId, 300);
    pass(budgetId, "3 h");
    admin(
        "UPDATE policy.budget SET rolling_seconds = 3600, mode = 'available' WHERE budget_id = ?",
        budgetId);

    kit.ledger.followBudgets();
    aging.age();

    assertThat(kit.window(budgetId).spent()).isZero();
    assertThat(kit.window(budgetId).balance().mode()).isEqualTo(Mode.AVAILABLE);
    assertThat(kit.ledger.currentWindow(kit.tenant, "b-" + budgetId))
        .hasValueSatisfying(window -> assertThat(window.spent()).isZero());
  }

  private static void steps(UUID budgetId, String change) throws SQLException {
    admin(
        """
        UPDATE ledger.window_step SET %s
        WHERE window_id IN (SELECT window_id FROM ledger.budget_window WHERE budget_id = ?)\
        """
            .formatted(change),
        budgetId);
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
