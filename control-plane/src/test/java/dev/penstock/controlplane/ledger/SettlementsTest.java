package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LedgerKit.Spool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many leases that are charged at once, and the function that books them. */
class SettlementsTest {

  private static final int BUDGETS = 2;
  private static final int SPOOLS = 2;

  private final LedgerKit kit = new LedgerKit();

  @Test
  void leasesOfSeveralSpoolsShareWhatTheirWindowHasLeft() throws SQLException {
    // Given
    UUID budgetId = kit.budget(1000);
    Spool one = new Spool("eu-west-1", UUID.randomUUID());
    Spool other = new Spool("eu-west-2", UUID.randomUUID());
    UUID ofOne = kit.granted(UUID.randomUUID(), budgetId, one, 400, 400).leaseId();
    UUID ofOther = kit.granted(UUID.randomUUID(), budgetId, other, 400, 400).leaseId();

    // When
    settle(
        List.of(
            new Settling(one.spoolId(), 1, 3, Map.of(ofOne, 500L)),
            new Settling(other.spoolId(), 1, 5, Map.of(ofOther, 600L))));

    // Then
    BudgetWindow window = kit.window(budgetId);
    assertThat(window.spent()).isEqualTo(1100);
    assertThat(window.overage()).isEqualTo(100);
    assertThat(window.available()).isZero();
    kit.assertBooksBalance(budgetId);
  }

  @Test
  void aLeaseOfAnotherSpoolIsNotCharged() throws SQLException {
    UUID budgetId = kit.budget(1000);
    Spool owner = new Spool("eu-west-1", UUID.randomUUID());
    UUID leaseId = kit.granted(UUID.randomUUID(), budgetId, owner, 400, 400).leaseId();

    settle(List.of(new Settling(UUID.randomUUID(), 1, 1, Map.of(leaseId, 100L))));

    assertThat(kit.window(budgetId).spent()).isZero();
  }

  /** Whether they exceed their leases, their windows, or limits that have been lowered. */
  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void isTheSameAtOnceAsOneAfterTheOther(@ForAll long seed) throws SQLException {
    // Given
    World atOnce = new World(seed);
    World inTurn = new World(seed);

    // When
    settle(atOnce.charges());
    for (Settling each : inTurn.charges()) {
      for (UUID leaseId : each.costs().keySet().stream().sorted().toList()) {
        Map<UUID, Long> alone = Map.of(leaseId, each.costs().getOrDefault(leaseId, 0L));
        settle(List.of(new Settling(each.spoolId(), 1, 9, alone)));
      }
    }

    // Then
    assertThat(atOnce.balances()).isEqualTo(inTurn.balances());
    for (UUID budgetId : atOnce.budgets) {
      kit.assertBooksBalance(budgetId);
    }
  }

  /** Budgets with leases of nodes, the same for the same seed but for their ids. */
  private final class World {
    final List<UUID> budgets = new ArrayList<>();
    final List<Spool> spools = new ArrayList<>();
    final List<Map<UUID, Long>> costs = new ArrayList<>();
    final List<UUID> windows = new ArrayList<>();

    /** By spool, then budget; windows and leases are charged in the order of their ids. */
    final List<UUID> leases =
        Stream.generate(UUID::randomUUID).limit(BUDGETS * SPOOLS).sorted().toList();

    World(long seed) throws SQLException {
      Random random = new Random(seed);
      for (int spool = 0; spool < SPOOLS; spool++) {
        spools.add(new Spool("eu-west-" + spool, UUID.randomUUID()));
        costs.add(new HashMap<>());
      }
      for (int budget = 0; budget < BUDGETS; budget++) {
        UUID budgetId = kit.budget(1000);
        budgets.add(budgetId);
        for (int spool = 0; spool < SPOOLS; spool++) {
          UUID leaseId = leases.get(spool * BUDGETS + budget);
          long amount = 100 + random.nextLong(300);
          kit.granted(leaseId, budgetId, spools.get(spool), amount, amount);
          costs.get(spool).put(leaseId, random.nextLong(800));
        }
        windows.add(kit.window(budgetId).windowId());
        if (random.nextBoolean()) {
          kit.changeAmount(budgetId, 100 + random.nextLong(700));
        }
      }
      kit.ledger.followBudgets();
    }

    /** False where it cannot be: nothing has happened then. */
    boolean post(Transferred each) {
      try {
        texts(
            "SELECT ledger.post(gen_random_uuid(), ?, ?, ?::uuid, ?, 'x')",
            each.kind(),
            window(each),
            lease(each),
            each.amount());
        return true;
      } catch (SQLException cannotBe) {
        return false;
      }
    }

    void postAll(List<Transferred> all) throws SQLException {
      texts(
          """
          SELECT ledger.post_all(array_agg(gen_random_uuid()), array_agg(kind), array_agg(w::uuid),
            array_agg(l::uuid), array_agg(amount), array_agg('x'::text))
          FROM unnest(?, ?, ?, ?) AS t (kind, w, l, amount)\
          """,
          all.stream().map(Transferred::kind).toArray(String[]::new),
          all.stream().map(each -> window(each).toString()).toArray(String[]::new),
          all.stream().map(this::lease).toArray(String[]::new),
          all.stream().mapToLong(Transferred::amount).toArray());
    }

    private UUID window(Transferred each) {
      return windows.get(each.budget());
    }

    private @Nullable String lease(Transferred each) {
      return each.spool() < 0
          ? null
          : leases.get(each.spool() * BUDGETS + each.budget()).toString();
    }

    /** What stands in the books, but for ids. */
    List<String> entries() throws SQLException {
      List<String> entries = new ArrayList<>();
      for (UUID windowId : windows) {
        entries.addAll(
            texts(
                """
                SELECT row(e.line, l.node, e.account, e.amount, e.kind)::text
                FROM ledger.ledger_entry e LEFT JOIN ledger.lease l USING (lease_id)
                WHERE e.window_id = ? ORDER BY 1\
                """,
                windowId));
      }
      return entries;
    }

    List<Settling> charges() {
      List<Settling> charges = new ArrayList<>();
      for (int spool = 0; spool < SPOOLS; spool++) {
        charges.add(new Settling(spools.get(spool).spoolId(), 1, 9, costs.get(spool)));
      }
      return charges;
    }

    List<String> balances() throws SQLException {
      List<String> balances = new ArrayList<>();
      for (UUID budgetId : budgets) {
        balances.addAll(
            texts(
                """
                SELECT row(w.limit_nusd, w.pending_cut, w.limit_moves, w.available, w.leased,
                    w.quarantined, w.spent, w.overage, w.exposure)::text
                FROM ledger.budget_window w WHERE w.budget_id = ?\
                """,
                budgetId));
        balances.addAll(
            texts(
                """
                SELECT row(l.granted, l.returned, l.settled, l.overdrawn, l.presumed, l.quarantined,
                    l.exposed, l.state)::text
                FROM ledger.lease l JOIN ledger.budget_window w USING (window_id)
                WHERE w.budget_id = ? ORDER BY l.node\
                """,
                budgetId));
      }
      return balances;
    }
  }

  /** Of every kind, as far as each can be posted after the ones before it. */
  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void aListComesToTheSameAsItsTransfersOneByOne(@ForAll long seed) throws SQLException {
    // Given
    Random random = new Random(seed);
    World inTurn = new World(seed);
    World atOnce = new World(seed);
    List<Transferred> posted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Transferred next = Transferred.any(random);
      if (inTurn.post(next)) {
        posted.add(next);
      }
    }

    // When
    atOnce.postAll(posted);

    // Then
    assertThat(atOnce.balances()).isEqualTo(inTurn.balances());
    assertThat(atOnce.entries()).isEqualTo(inTurn.entries()).isNotEmpty();
  }

  /** A transfer of some budget's window, or of a spool's lease on it. */
  private record Transferred(String kind, int budget, int spool, long amount) {

    private static final List<String> OF_WINDOWS = List.of("FUND", "CUT", "AGE", "AGE_OVER");
    private static final List<String> OF_LEASES =
        List.of(
            "GRANT",
            "RETURN",
            "SETTLE",
            "EXPIRE",
            "LATE_SETTLE",
            "CLOSE",
            "CLOSE_LATE",
            "PRESUME",
            "CORRECT",
            "OVER");

    static Transferred any(Random random) {
      boolean ofLease = random.nextInt(4) > 0;
      List<String> kinds = ofLease ? OF_LEASES : OF_WINDOWS;
      return new Transferred(
          kinds.get(random.nextInt(kinds.size())),
          random.nextInt(BUDGETS),
          ofLease ? random.nextInt(SPOOLS) : -1,
          1 + random.nextLong(60));
    }
  }

  @Test
  void transfersThatWerePostedBeforeArePassedOver() throws SQLException {
    // Given
    Booked booked = new Booked();
    assertThat(booked.post(10, 20)).isEqualTo(2);

    // When
    int again = booked.post(10, 20);

    // Then
    assertThat(again).isZero();
    assertThat(kit.window(booked.budgetId).spent()).isEqualTo(30);
    kit.assertBooksBalance(booked.budgetId);
  }

  @Test
  void aTransferThatStandsTwiceInTheListIsPostedOnce() throws SQLException {
    Booked booked = new Booked();
    booked.second = booked.first;

    assertThat(booked.post(10, 10)).isEqualTo(1);

    assertThat(kit.window(booked.budgetId).spent()).isEqualTo(10);
    kit.assertBooksBalance(booked.budgetId);
  }

  /** None of the list is. */
  @ParameterizedTest
  @CsvSource({
    "10, 99, 23505", // was posted with another amount
    "10, 0, 23514",
    "10, 5000, 23514", // more than is leased
  })
  void nothingIsPostedWithSomethingThatMustNotBe(long amount, long other, String state)
      throws SQLException {
    Booked booked = new Booked();
    booked.post(1, 20);
    booked.first = UUID.randomUUID();
    if (other != 99) {
      booked.second = UUID.randomUUID();
    }

    assertThatThrownBy(() -> booked.post(amount, other))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));

    assertThat(kit.window(booked.budgetId).spent()).isEqualTo(21);
  }

  @Test
  void aLeaseOfAnotherWindowIsRefused() throws SQLException {
    Booked booked = new Booked();
    booked.leaseId = new Booked().leaseId;

    assertThatThrownBy(() -> booked.post(1, 2))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23503"));
  }

  /** A lease of 400, and two transfers that charge it. */
  private final class Booked {
    final UUID budgetId = kit.budget(1000);
    UUID leaseId = UUID.randomUUID();
    final UUID windowId =
        kit.granted(leaseId, budgetId, new Spool("n", UUID.randomUUID()), 400, 400).windowId();
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();

    Booked() throws SQLException {}

    /** Returns how many were not posted before. */
    int post(long amount, long other) throws SQLException {
      return Integer.parseInt(
          texts(
                  """
                  SELECT ledger.post_all(ARRAY[?::uuid, ?], '{SETTLE,SETTLE}', ARRAY[?::uuid, ?],
                    ARRAY[?::uuid, ?], ARRAY[?::bigint, ?], '{a,b}')\
                  """,
                  first,
                  second,
                  windowId,
                  windowId,
                  leaseId,
                  leaseId,
                  amount,
                  other)
              .getFirst());
    }
  }

  private void settle(List<Settling> all) throws SQLException {
    kit.transactions.inOne(connection -> {
      kit.ledger.settle(connection, all);
      return true;
    });
  }

  /** The first column. */
  private static List<String> texts(String sql, @Nullable Object... arguments) throws SQLException {
    try (Connection connection = MigratedPostgres.app().getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        select.setObject(i + 1, arguments[i]);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }
}
