package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.ledger.Alignment;
import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseDecisions;
import dev.penstock.kernel.ledger.WindowDecisions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Grants, settles and takes back money.
 *
 * <p>Every method may be repeated: totals are cumulative and each transfer's id follows from what
 * it does. Windows are locked before leases, several windows in the order of their ids. What is
 * answered has been committed.
 */
@Singleton
public class Ledger {

  private final Transactions transactions;
  private final InstantSource clock;

  @Inject
  public Ledger(Transactions transactions) {
    this(transactions, InstantSource.system());
  }

  Ledger(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Extends a lease, or opens it on the budget's current window. */
  public LeaseAnswer request(LeaseAsk ask) throws SQLException {
    Instant now = clock.instant();
    return transactions.inOne(
        connection -> LeaseRequests.answer(new LedgerRows(connection), ask, now));
  }

  /** Takes note of money that a node has given back; it has lowered its own limit before. */
  public LeaseAnswer giveBack(UUID leaseId, String node, UUID spoolId, long givenBack)
      throws SQLException {
    return transactions.inOne(connection -> {
      LedgerRows rows = new LedgerRows(connection);
      Optional<LeaseBalance> known = rows.leases().find(leaseId);
      if (known.isEmpty()) {
        return new LeaseAnswer.Closed(leaseId);
      }
      BudgetWindow window = lock(rows, known.get().windowId());
      LeaseBalance lease = rows.leases().lock(leaseId);
      Decision decision =
          LeaseDecisions.giveBack(window.balance(), lease, node, spoolId, givenBack);
      rows.book(new Booking(lease, window.pendingCut(), decision, "lease-return"));
      LeaseBalance after = decision.lease();
      return switch (decision.verdict()) {
        case ACTIVE, EXHAUSTED ->
            new LeaseAnswer.Recall(leaseId, after.recallTotal(), after.givenBack());
        case QUARANTINED ->
            new LeaseAnswer.Quarantined(leaseId, after.granted(), after.givenBack());
        case CLOSED, NOT_YET -> new LeaseAnswer.Closed(leaseId);
      };
    });
  }

  /**
   * Ends a lease and makes what is left of it available again; empty where records that may be
   * charged to it are still on their way, so that the node has to ask again.
   *
   * @param ackedSeq how far the lease's spool is committed
   * @return what went back over the lease's life, nano-USD; 0 for a lease that is not the node's
   */
  public OptionalLong close(LeaseLeaving leaving, String node, long ackedSeq) throws SQLException {
    return transactions.inOne(connection -> {
      LedgerRows rows = new LedgerRows(connection);
      Optional<LeaseBalance> known = rows.leases().find(leaving.leaseId());
      if (known.isEmpty() || !known.get().belongsTo(node, leaving.spoolId())) {
        return OptionalLong.of(0);
      }
      BudgetWindow window = lock(rows, known.get().windowId());
      LeaseBalance lease = rows.leases().lock(leaving.leaseId());
      Decision decision =
          LeaseDecisions.close(
              window.balance(),
              lease,
              node,
              leaving.spoolId(),
              leaving.consumedTotal(),
              ackedSeq >= leaving.finalSeq());
      rows.book(new Booking(lease, window.pendingCut(), decision, "lease-close"));
      if (decision.verdict() == Decision.Verdict.NOT_YET) {
        rows.leases().note(decision.lease(), LeaseRows.Heard.YES);
        return OptionalLong.empty();
      }
      return OptionalLong.of(decision.lease().returned());
    });
  }

  /**
   * What nodes have to be told that ask nothing: by node, again until they have done it.
   *
   * @param nodes those that can be told
   */
  public Map<String, List<LeaseAnswer>> outstanding(Collection<String> nodes) throws SQLException {
    List<LeaseBalance> leases =
        transactions.inOne(connection -> new LeaseRows(connection).outstanding(nodes));
    return leases.stream()
        .collect(
            Collectors.groupingBy(
                LeaseBalance::node, Collectors.mapping(Ledger::reminder, Collectors.toList())));
  }

  private static LeaseAnswer reminder(LeaseBalance lease) {
    return switch (lease.standing()) {
      case ACTIVE, CLOSED ->
          new LeaseAnswer.Recall(lease.leaseId(), lease.recallTotal(), lease.givenBack());
      case QUARANTINED ->
          new LeaseAnswer.Quarantined(lease.leaseId(), lease.granted(), lease.givenBack());
    };
  }

  /** Which spools these leases belong to; those that do not exist are left out. */
  public Map<UUID, UUID> spoolsOf(Connection connection, Collection<UUID> leaseIds)
      throws SQLException {
    return leaseIds.isEmpty()
        ? Map.of()
        : new LeaseRows(connection)
            .find(leaseIds).stream()
                .collect(Collectors.toMap(LeaseBalance::leaseId, LeaseBalance::spoolId));
  }

  /**
   * Books what was used, within the caller's transaction. Costs above a lease are granted to it
   * from the window, and only what the window does not have is overage. What a spool charges to a
   * lease that is not its own is passed over.
   */
  public void settle(Connection connection, List<Settling> all) throws SQLException {
    Settlements.book(new LedgerRows(connection), all);
  }

  /** The window that a budget counts in now; empty where there is no such budget. */
  public Optional<BudgetWindow> currentWindow(String tenant, String budget) throws SQLException {
    Instant now = clock.instant();
    return transactions.inOne(connection -> {
      LedgerRows rows = new LedgerRows(connection);
      Optional<BudgetTerms> terms = rows.budget(tenant, budget);
      if (terms.isEmpty()) {
        return Optional.empty();
      }
      Period period = terms.get().periodAt(now);
      return rows.window(terms.get().windowId(period))
          .or(() -> Optional.of(BudgetWindow.untouched(terms.get(), period)));
    });
  }

  /** A budget's windows; empty where there is no such budget. */
  Optional<List<BudgetWindow>> windows(String tenant, String budget, WindowQuery query)
      throws SQLException {
    Instant now = clock.instant();
    return transactions.inOne(connection -> {
      LedgerRows rows = new LedgerRows(connection);
      Optional<BudgetTerms> terms = rows.budget(tenant, budget);
      if (terms.isEmpty()) {
        return Optional.empty();
      }
      List<BudgetWindow> found = rows.windows(terms.get().budgetId(), query);
      BudgetWindow current = BudgetWindow.untouched(terms.get(), terms.get().periodAt(now));
      return Optional.of(query.with(current, found));
    });
  }

  /**
   * Brings running windows to what their budgets say now: limit, mode, and the length of one that
   * rolls. Returns how many had something else.
   *
   * <p>It compares rows, so it does not matter who changed the budget, how, or how often this runs.
   * Each window is a transaction of its own.
   */
  public int followBudgets() throws SQLException {
    Instant now = clock.instant();
    List<UUID> others =
        transactions.inOne(connection -> new LedgerRows(connection).otherThanTheirBudgets(now));
    return EachApart.of(
        "window",
        others,
        windowId ->
            transactions.inOne(connection -> followBudget(new LedgerRows(connection), windowId)));
  }

  private static int followBudget(LedgerRows rows, UUID windowId) throws SQLException {
    BudgetWindow window = lock(rows, windowId);
    Optional<BudgetTerms> terms = rows.budget(window.budgetId());
    if (terms.isPresent()) {
      rows.follow(windowId, terms.get());
      align(rows, window, terms.get().amount());
    }
    return 1;
  }

  /** Moves a locked window's limit to a target, and recalls from nodes what a cut lacks. */
  private static void align(LedgerRows rows, BudgetWindow window, long target) throws SQLException {
    Alignment alignment = WindowDecisions.align(window.balance(), target);
    rows.book(window, alignment, "budget");
    LeaseRequests.recall(rows, window.windowId(), "", alignment.window().pendingCut());
  }

  static BudgetWindow lock(LedgerRows rows, UUID windowId) throws SQLException {
    return rows.lockWindow(windowId)
        .orElseThrow(() -> new SQLException("window " + windowId + " is gone"));
  }
}
