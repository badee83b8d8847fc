package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LedgerKit.Spool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {

  private final LedgerKit kit = new LedgerKit();
  private final Spool spool = Spool.of("eu-west-1");
  private final UUID leaseId = UUID.randomUUID();

  @Test
  void fundsTheWindowOnTheFirstLeaseAndGrantsWhatIsNeeded() throws SQLException {
    UUID budgetId = kit.budget(1000);

    LeaseAnswer.Granted granted = kit.granted(leaseId, budgetId, spool, 300, 200);

    assertThat(granted.grantedTotal()).isEqualTo(200);
    assertThat(granted.exhausted()).isFalse();
    assertThat(granted.windowRemaining())
        .isEqualTo(Duration.between(LedgerKit.MARCH, Instant.parse("2026-04-01T00:00:00Z")));
    BudgetWindow window = kit.window(budgetId);
    assertThat(window.available()).isEqualTo(800);
    assertThat(window.leased()).isEqualTo(200);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void answersARepeatedRequestWithTheSameTotal() throws SQLException {
    UUID budgetId = kit.budget(1000);

    LeaseAnswer first = kit.ask(leaseId, budgetId, spool, 200, 200);
    LeaseAnswer second = kit.ask(leaseId, budgetId, spool, 200, 200);

    assertThat(second).isEqualTo(first);
  }

  @Test
  void grantsNothingWhereTheNeedIsAboveWhatIsLeft() throws SQLException {
    UUID budgetId = kit.budget(100);

    LeaseAnswer.Granted granted = kit.granted(leaseId, budgetId, spool, 500, 500);

    assertThat(granted.exhausted()).isTrue();
    assertThat(granted.grantedTotal()).isZero();
    assertThat(granted.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(granted.windowAvailable()).isEqualTo(100);
    assertThat(granted.windowLimit()).isEqualTo(100);
  }

  @Test
  void aLeaseIsItsFirstOwners() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);

    LeaseAnswer foreign = kit.ask(leaseId, budgetId, Spool.of("eu-west-2"), 500, 500);

    assertThat(foreign).isEqualTo(new LeaseAnswer.Closed(leaseId));
    assertThat(kit.window(budgetId).leased()).isEqualTo(100);
  }

  @Test
  void thereIsNoMoneyOfABudgetThatIsGone() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);
    kit.delete(budgetId);

    assertThat(kit.ask(leaseId, budgetId, spool, 500, 500))
        .isEqualTo(new LeaseAnswer.Closed(leaseId));
  }

  @Test
  void aLeaseEndsWhereItsBudgetGetsOtherWindows() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      LedgerKit.execute(
          connection,
          "UPDATE policy.budget SET window_every = 'day' WHERE budget_id = ?",
          budgetId);
    }

    LeaseAnswer.Granted over = kit.granted(leaseId, budgetId, spool, 500, 500);
    LeaseAnswer.Granted successor = kit.granted(UUID.randomUUID(), budgetId, spool, 500, 500);

    assertThat(over.grantedTotal()).isEqualTo(100);
    assertThat(over.windowRemaining()).isEqualTo(Duration.ofMillis(1));
    assertThat(successor.grantedTotal()).isEqualTo(500);
    assertThat(successor.windowRemaining()).isEqualTo(Duration.ofHours(12));
  }

  @Test
  void aWindowsLastMomentIsSaid() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.now.set(Instant.parse("2026-03-31T23:59:59.999900Z"));

    assertThat(kit.granted(leaseId, budgetId, spool, 100, 100).windowRemaining())
        .isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void aLeaseOfAWindowThatIsOverGetsNothingMore() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);
    kit.now.set(Instant.parse("2026-04-01T00:00:00Z"));

    LeaseAnswer.Granted over = kit.granted(leaseId, budgetId, spool, 500, 500);
    LeaseAnswer.Granted successor = kit.granted(UUID.randomUUID(), budgetId, spool, 500, 500);

    assertThat(over.grantedTotal()).isEqualTo(100);
    assertThat(over.windowRemaining()).as("zero is nothing said").isEqualTo(Duration.ofMillis(1));
    assertThat(over.exhausted()).isFalse();
    assertThat(successor.grantedTotal()).isEqualTo(500);
    assertThat(successor.windowId()).isNotEqualTo(over.windowId());
  }

  @Test
  void whatIsUsedIsSpentAndTheRestComesBackOnClose() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    kit.settle(spool, 1, 3, leaseId, 150);

    OptionalLong refunded = kit.close(leaseId, spool, 3, 3);

    assertThat(refunded).hasValue(250);
    BudgetWindow window = kit.window(budgetId);
    assertThat(window.available()).isEqualTo(850);
    assertThat(window.spent()).isEqualTo(150);
    assertThat(window.leased()).isZero();
    assertThat(kit.close(leaseId, spool, 3, 3)).hasValue(250);
    assertThat(kit.ask(leaseId, budgetId, spool, 500, 500))
        .isEqualTo(new LeaseAnswer.Closed(leaseId));
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aLeaseIsNotClosedBeforeItsRecordsAreCommitted() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);

    assertThat(kit.close(leaseId, spool, 4, 3)).isEmpty();

    assertThat(kit.window(budgetId).leased()).isEqualTo(400);
  }

  @Test
  void aStrangerClosesNothing() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);

    assertThat(kit.close(leaseId, new Spool("eu-west-2", spool.spoolId()), 0, 0)).hasValue(0);

    assertThat(kit.window(budgetId).leased()).isEqualTo(400);
  }

  @Test
  void aSettlementAboveTheLeaseIsCoveredByTheWindowFirst() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);

    kit.settle(spool, 1, 1, leaseId, 300);

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.spent()).isEqualTo(300);
    assertThat(window.overage()).isZero();
    assertThat(window.available()).isEqualTo(700);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void onlyWhatTheWindowDoesNotHaveIsOverage() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);

    kit.settle(spool, 1, 1, leaseId, 1200);

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.spent()).isEqualTo(1200);
    assertThat(window.overage()).isEqualTo(200);
    assertThat(window.available()).isZero();
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aRaisedBudgetIsFundedWithoutAnybodyAsking() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);
    kit.changeAmount(budgetId, 1500);

    kit.ledger.followBudgets();
    kit.ledger.followBudgets();

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.limit()).isEqualTo(1500);
    assertThat(window.available()).isEqualTo(1400);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aLoweredBudgetTakesTheRestFromWhatLeasesGiveBack() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 900, 900);
    kit.changeAmount(budgetId, 300);

    kit.ledger.followBudgets();

    assertThat(kit.window(budgetId).limit()).isEqualTo(900);
    assertThat(kit.window(budgetId).pendingCut()).isEqualTo(600);
    kit.settle(spool, 1, 1, leaseId, 50);
    kit.close(leaseId, spool, 1, 1);
    BudgetWindow window = kit.window(budgetId);
    assertThat(window.limit()).isEqualTo(300);
    assertThat(window.pendingCut()).isZero();
    assertThat(window.available()).isEqualTo(250);
    assertThat(window.spent()).isEqualTo(50);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void showsTheCurrentWindowBeforeAnybodyUsedIt() throws SQLException {
    UUID budgetId = kit.budget(1000);

    assertThat(kit.ledger.windows(kit.tenant, "b-" + budgetId, WindowQuery.NEWEST))
        .hasValueSatisfying(windows -> {
          assertThat(windows).hasSize(1);
          assertThat(windows.getFirst().available()).isEqualTo(1000);
          assertThat(windows.getFirst().period().startsAt())
              .isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE ledger.ledger_entry SET amount = 1",
        "DELETE FROM ledger.ledger_entry",
        "TRUNCATE ledger.ledger_entry",
        "INSERT INTO ledger.ledger_entry (txn_id, line, window_id, account, amount, kind, source)"
            + " SELECT gen_random_uuid(), 1, window_id, 'AVAILABLE', 5, 'FUND', 'me'"
            + " FROM ledger.budget_window",
        "UPDATE ledger.budget_window SET available = available + 1, limit_nusd = limit_nusd + 1",
        "DELETE FROM ledger.budget_window",
        "UPDATE ledger.lease SET granted = granted + 1",
        "DELETE FROM ledger.lease",
        "SELECT secret FROM secret.secret",
      })
  void theApplicationsRoleCannotChangeTheBooks(String statement) throws SQLException {
    try (Connection connection = MigratedPostgres.app().getConnection()) {
      assertThatThrownBy(() -> LedgerKit.execute(connection, statement))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
  }

  @Test
  void notEvenTheOwnerChangesAnEntryByMistake() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 100, 100);

    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      assertThatThrownBy(
              () -> LedgerKit.execute(connection, "UPDATE ledger.ledger_entry SET amount = 1"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("never changed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ledger.post(gen_random_uuid(), 'GIFT', ?, NULL, 5, 'me')",
        "SELECT ledger.post(gen_random_uuid(), 'FUND', ?, NULL, -5, 'me')",
        "SELECT ledger.post(gen_random_uuid(), 'GRANT', ?, NULL, 5, 'me')",
        "SELECT ledger.post(gen_random_uuid(), 'CUT', ?, NULL, 5000, 'me')",
      })
  void moneyMovesOnlyInKnownWaysAndOnlyWhereThereIsSome(String statement) throws SQLException {
    UUID budgetId = kit.budget(1000);
    UUID windowId = kit.granted(leaseId, budgetId, spool, 100, 100).windowId();

    try (Connection connection = MigratedPostgres.app().getConnection()) {
      assertThatThrownBy(() -> LedgerKit.execute(connection, statement, windowId))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
    }
  }
}
