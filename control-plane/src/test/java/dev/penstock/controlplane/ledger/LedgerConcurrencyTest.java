package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.ledger.LedgerKit.Spool;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever nodes ask for at once, a window gives out no more than it has. */
class LedgerConcurrencyTest {

  private static final int NODES = 4;
  private static final int STEPS = 12;
  private static final long LIMIT = 10_000;

  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void fourNodesTogetherNeverHoldMoreThanTheLimit(@ForAll long seed) throws Exception {
    LedgerKit kit = new LedgerKit();
    UUID budgetId = kit.budget(LIMIT);
    try (ExecutorService threads = Executors.newFixedThreadPool(NODES + 1)) {
      List<Future<Long>> spent = new ArrayList<>();
      for (int node = 0; node < NODES; node++) {
        spent.add(threads.submit(node(kit, budgetId, "node-" + node, new Random(seed + node))));
      }
      Future<Long> team = threads.submit(platformTeam(kit, budgetId, new Random(~seed)));

      long total = 0;
      for (Future<Long> each : spent) {
        total += each.get();
      }
      team.get();

      BudgetWindow window = kit.window(budgetId);
      kit.assertBooksBalance(budgetId);
      assertThat(window.spent()).isEqualTo(total);
      assertThat(window.leased()).isZero();
      assertThat(window.overage()).isZero();
    }
  }

  /** As when a node asks again over another line, before the first one has been answered. */
  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void aLeaseThatIsAskedForTwiceAtOnceIsOpenedOnce(@ForAll long ignored) throws Exception {
    LedgerKit kit = new LedgerKit();
    UUID budgetId = kit.budget(LIMIT);
    Spool spool = Spool.of("node-0");
    UUID leaseId = UUID.randomUUID();
    try (ExecutorService threads = Executors.newFixedThreadPool(NODES)) {
      List<Future<Long>> granted = new ArrayList<>();
      for (int line = 0; line < NODES; line++) {
        granted.add(threads.submit(() -> ask(kit, budgetId, spool, leaseId, 100, 0)));
      }
      long most = 0;
      for (Future<Long> each : granted) {
        assertThat(each.get()).isBetween(100L, 200L);
        most = Math.max(most, each.get());
      }
      assertThat(kit.window(budgetId).leased()).isEqualTo(most);
    }
    kit.assertBooksBalance(budgetId);
  }

  /** Asks, spends within what it was granted, repeats itself, and leaves. */
  private static Callable<Long> node(LedgerKit kit, UUID budgetId, String name, Random random) {
    return () -> {
      Spool spool = Spool.of(name);
      long spent = 0;
      long seq = 0;
      UUID leaseId = UUID.randomUUID();
      long granted = 0;
      long consumed = 0;
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            long need = consumed + random.nextLong(800);
            granted = ask(kit, budgetId, spool, leaseId, need, granted);
            if (random.nextBoolean()) {
              granted = ask(kit, budgetId, spool, leaseId, need, granted);
            }
          }
          case 2 -> {
            long cost = granted == consumed ? 0 : random.nextLong(granted - consumed) + 1;
            seq++;
            kit.settle(spool, seq, seq, leaseId, cost);
            consumed += cost;
            spent += cost;
          }
          default -> {
            kit.close(leaseId, spool, seq, seq);
            leaseId = UUID.randomUUID();
            granted = 0;
            consumed = 0;
          }
        }
        assertThat(outstanding(kit, budgetId)).isNotNegative();
      }
      kit.close(leaseId, spool, seq, seq);
      return spent;
    };
  }

  private static long ask(
      LedgerKit kit, UUID budgetId, Spool spool, UUID leaseId, long need, long granted)
      throws SQLException {
    LeaseAnswer.Granted answer = kit.granted(leaseId, budgetId, spool, need * 2, need);
    assertThat(answer.grantedTotal()).isGreaterThanOrEqualTo(granted);
    return answer.grantedTotal();
  }

  private static Callable<Long> platformTeam(LedgerKit kit, UUID budgetId, Random random) {
    return () -> {
      for (int step = 0; step < STEPS / 2; step++) {
        kit.changeAmount(budgetId, LIMIT / 2 + random.nextLong(LIMIT));
        kit.ledger.followBudgets();
      }
      return 0L;
    };
  }

  /** What a window has beyond what it gave out. */
  private static long outstanding(LedgerKit kit, UUID budgetId) throws SQLException {
    return kit.transactions.inOne(connection ->
        new LedgerRows(connection)
            .windows(budgetId, WindowQuery.NEWEST).stream()
                .mapToLong(window -> window.limit() - window.leased() - window.spent())
                .sum());
  }
}
