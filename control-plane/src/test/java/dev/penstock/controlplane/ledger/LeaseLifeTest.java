package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LedgerKit.Spool;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of leases beside being granted and closed, in a real database. */
class LeaseLifeTest {

  private final LedgerKit kit = new LedgerKit();
  private final Spool spool = Spool.of("node-" + UUID.randomUUID());
  private final Spool other = Spool.of("node-" + UUID.randomUUID());
  private final UUID leaseId = UUID.randomUUID();
  private final AtomicLong nanos = new AtomicLong();
  private final LeaseAging aging = new LeaseAging(kit.transactions, nanos::get);

  @AfterEach
  void forget() throws SQLException {
    admin("DELETE FROM ledger.timeline WHERE timeline = 'FFFFFFFF'");
  }

  @Test
  void whatIsGivenBackIsAvailableAtOnceAndOnce() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);

    LeaseAnswer noted = kit.ledger.giveBack(leaseId, spool.node(), spool.spoolId(), 150);
    kit.ledger.giveBack(leaseId, spool.node(), spool.spoolId(), 150);
    kit.ledger.giveBack(leaseId, spool.node(), spool.spoolId(), 100);

    assertThat(noted).isEqualTo(new LeaseAnswer.Recall(leaseId, 0, 150));
    assertThat(kit.window(budgetId).available()).isEqualTo(750);
    assertThat(kit.ledger.giveBack(leaseId, other.node(), other.spoolId(), 200))
        .isEqualTo(new LeaseAnswer.Closed(leaseId));
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void whatOneLacksIsRecalledFromAnother() throws SQLException {
    UUID budgetId = kit.budget(1000);
    connected(spool);
    kit.granted(leaseId, budgetId, spool, 900, 900);
    UUID wanting = UUID.randomUUID();

    LeaseAnswer.Granted short1 = kit.granted(wanting, budgetId, other, 300, 300);
    LeaseAnswer.Granted again = kit.granted(wanting, budgetId, other, 300, 300);

    assertThat(short1.exhausted()).isTrue();
    assertThat(short1.recalling()).isTrue();
    assertThat(again.recalling()).as("nobody new to ask").isFalse();
    assertThat(kit.ledger.outstanding(List.of(spool.node())))
        .containsEntry(spool.node(), List.of(new LeaseAnswer.Recall(leaseId, 200, 0)));
    kit.ledger.giveBack(leaseId, spool.node(), spool.spoolId(), 200);
    assertThat(kit.ledger.outstanding(List.of(spool.node()))).isEmpty();
    assertThat(kit.granted(wanting, budgetId, other, 300, 300).grantedTotal()).isEqualTo(300);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aCutIsRecalledFromWhoHoldsIt() throws SQLException {
    UUID budgetId = kit.budget(1000);
    connected(spool);
    kit.granted(leaseId, budgetId, spool, 900, 900);
    kit.changeAmount(budgetId, 300);

    kit.ledger.followBudgets();

    assertThat(kit.ledger.outstanding(List.of(spool.node())))
        .containsEntry(spool.node(), List.of(new LeaseAnswer.Recall(leaseId, 600, 0)));
    kit.ledger.giveBack(leaseId, spool.node(), spool.spoolId(), 600);
    assertThat(kit.window(budgetId).limit()).isEqualTo(300);
    assertThat(kit.window(budgetId).pendingCut()).isZero();
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aSilentNodesMoneyWaitsForItsRecords() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    silent();

    age();

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.quarantined()).isEqualTo(400);
    assertThat(window.available()).isEqualTo(600);
    assertThat(kit.ask(leaseId, budgetId, spool, 500, 500))
        .isEqualTo(new LeaseAnswer.Quarantined(leaseId, 400, 0));
    kit.settle(spool, 1, 1, leaseId, 150);
    assertThat(kit.close(leaseId, spool, 1, 1)).hasValue(250);
    assertThat(kit.window(budgetId).spent()).isEqualTo(150);
    assertThat(kit.window(budgetId).available()).isEqualTo(850);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aNodeThatIsHeardOfKeepsWhatItHasHoweverLongItAsksNothing() throws SQLException {
    UUID budgetId = kit.budget(1000);
    connected(spool);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    admin(
        "UPDATE ledger.lease SET heard_at = heard_at - interval '1 h' WHERE lease_id = ?", leaseId);
    admin(
        "UPDATE usage.node SET connected_at = connected_at - interval '2 h' WHERE name = ?",
        spool.node());

    age();
    assertThat(kit.window(budgetId).leased()).isEqualTo(400);

    // When it has come back meanwhile and does not name the lease, it does not know it any more.
    admin(
        "UPDATE usage.node SET connected_at = clock_timestamp() - interval '40 s' WHERE name = ?",
        spool.node());
    age();
    assertThat(kit.window(budgetId).quarantined()).isEqualTo(400);
  }

  @Test
  void nobodySpeaksForAnothersLease() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    silent();

    assertThat(kit.ask(leaseId, budgetId, other, 500, 500))
        .isEqualTo(new LeaseAnswer.Closed(leaseId));
    age();

    assertThat(kit.window(budgetId).quarantined()).isEqualTo(400);
  }

  @Test
  void nobodyIsSilentSoonAfterAReplicaStarts() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    silent();

    nanos.set(TimeUnit.SECONDS.toNanos(59));
    assertThat(aging.age()).isZero();

    assertThat(kit.window(budgetId).leased()).isEqualTo(400);
  }

  @Test
  void whatNeverCameBackIsTakenForUsedAndCorrectedByItsRecords() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);
    silent();
    age();
    admin(
        "UPDATE ledger.lease SET quarantined_at = quarantined_at - interval '26 h' WHERE lease_id = ?",
        leaseId);

    age();
    age();

    assertThat(kit.window(budgetId).spent()).isEqualTo(400);
    assertThat(kit.window(budgetId).quarantined()).isZero();
    kit.settle(spool, 1, 1, leaseId, 150);
    kit.close(leaseId, spool, 1, 1);
    assertThat(kit.window(budgetId).spent()).isEqualTo(150);
    assertThat(kit.window(budgetId).available()).isEqualTo(850);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aBoundedPartIsLentAnewWhereTheBudgetSaysSo() throws SQLException {
    UUID budgetId = kit.budget(1000, "available");
    UUID large = UUID.randomUUID();
    kit.granted(leaseId, budgetId, spool, 8, 8);
    kit.granted(large, budgetId, other, 100, 100);
    admin("UPDATE ledger.lease SET heard_at = heard_at - interval '1 h' WHERE lease_id = ?", large);
    silent();
    age();
    admin(
        "UPDATE ledger.lease SET quarantined_at = quarantined_at - interval '2 h'"
            + " WHERE lease_id IN (?, ?)",
        leaseId,
        large);

    age();

    BudgetWindow window = kit.window(budgetId);
    assertThat(window.balance().exposure()).as("1 % of 1000 at most").isEqualTo(8);
    assertThat(window.quarantined()).isEqualTo(100);
    assertThat(window.available()).isEqualTo(900);
    kit.settle(spool, 1, 1, leaseId, 5);
    kit.close(leaseId, spool, 1, 1);
    assertThat(kit.window(budgetId).balance().exposure()).as("what came true").isEqualTo(5);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void grantsNothingAnewAfterAFailoverUntilNodesHaveTold() throws SQLException {
    UUID budgetId = kit.budget(1000);
    LeaseAsk known =
        new LeaseAsk(leaseId, budgetId, spool.node(), spool.spoolId(), 1, 300, 0, 500, 500);
    admin("UPDATE ledger.timeline SET seen_at = clock_timestamp()");
    admin("INSERT INTO ledger.timeline (timeline) VALUES ('FFFFFFFF')");
    kit.ask(UUID.randomUUID(), kit.budget(1), other, 0, 0); // the time line of now is known
    admin("UPDATE ledger.timeline SET seen_at = clock_timestamp()");

    LeaseAnswer.Granted answer = (LeaseAnswer.Granted) kit.ledger.request(known);

    assertThat(answer.grantedTotal()).as("what the database lost, and no more").isEqualTo(300);
    assertThat(answer.exhausted()).isFalse();
    assertThat(kit.window(budgetId).leased()).isEqualTo(300);
    admin("UPDATE ledger.timeline SET seen_at = clock_timestamp() - interval '31 s'");
    assertThat(kit.granted(leaseId, budgetId, spool, 500, 500).grantedTotal()).isEqualTo(500);
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aProcessThatWasReplacedGetsNothing() throws SQLException {
    UUID budgetId = kit.budget(1000);
    connected(spool);
    LeaseAsk old =
        new LeaseAsk(leaseId, budgetId, spool.node(), spool.spoolId(), 0, 0, 0, 500, 500);

    assertThat(kit.ledger.request(old)).isEqualTo(new LeaseAnswer.Closed(leaseId));

    assertThat(kit.window(budgetId).leased()).isZero();
  }

  @Test
  void aLeaseWithMoneyOutsideOfQuarantineIsNotSetApart() throws SQLException {
    UUID budgetId = kit.budget(1000);
    kit.granted(leaseId, budgetId, spool, 400, 400);

    try (Connection connection = MigratedPostgres.app().getConnection()) {
      assertThatThrownBy(
              () -> LedgerKit.execute(connection, "SELECT ledger.quarantine_lease(?)", leaseId))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23514"));
    }
  }

  private void age() throws SQLException {
    nanos.set(LeaseTimes.QUIET_START.toNanos());
    aging.age();
  }

  private void silent() throws SQLException {
    admin(
        "UPDATE ledger.lease SET heard_at = heard_at - interval '1 h' WHERE lease_id = ?", leaseId);
  }

  private static void connected(Spool spool) throws SQLException {
    admin(
        """
        INSERT INTO usage.node (name, region, incarnation, spool_id, build, session_id,
          connected_at, last_heartbeat_at, applied_revision)
        VALUES (?, 'eu-west', 1, ?, 'test', ?, clock_timestamp(), clock_timestamp(), 0)\
        """,
        spool.node(),
        spool.spoolId(),
        UUID.randomUUID());
  }

  private static void admin(String sql, Object... arguments) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      LedgerKit.execute(connection, sql, arguments);
    }
  }
}
