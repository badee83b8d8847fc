package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.lease.GrantRule;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
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

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

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
    return transactions.inOne(connection -> request(new LedgerRows(connection), ask, now));
  }

  private static LeaseAnswer request(LedgerRows rows, LeaseAsk ask, Instant now)
      throws SQLException {
    Optional<BudgetTerms> found = rows.budget(ask.budgetId());
    if (found.isEmpty()) {
      return new LeaseAnswer.Closed(ask.leaseId());
    }
    BudgetTerms terms = found.get();
    Period period = terms.periodAt(now);
    Optional<LeaseRow> known = rows.lease(ask.leaseId());
    if (known.isEmpty()) {
      rows.openWindow(terms, period);
    }
    UUID windowId = known.map(LeaseRow::windowId).orElseGet(() -> terms.windowId(period));
    BudgetWindow window = lock(rows, windowId);
    if (known.isEmpty()) {
      rows.openLease(ask, windowId);
    }
    LeaseRow lease = rows.lockLease(ask.leaseId());
    if (lease.closed()
        || !lease.belongsTo(ask.node(), ask.spoolId())
        || !lease.windowId().equals(windowId)
        || !window.budgetId().equals(ask.budgetId())) {
      return new LeaseAnswer.Closed(ask.leaseId());
    }
    if (!windowId.equals(terms.windowId(period)) || !window.period().holds(now)) {
      return answer(lease.granted(), false, lease, window, Duration.ZERO);
    }
    BudgetWindow aligned = align(rows, window, terms.amount());
    return extend(rows, ask, lease, aligned, Duration.between(now, aligned.period().endsAt()));
  }

  private static LeaseAnswer extend(
      LedgerRows rows, LeaseAsk ask, LeaseRow lease, BudgetWindow window, Duration remaining)
      throws SQLException {
    int nodes = 1 + rows.otherNodes(window.windowId(), ask.node());
    long add =
        GrantRule.add(
            lease.granted(),
            ask.wantTotal(),
            ask.needTotal(),
            window.available(),
            window.limit(),
            nodes);
    long total = lease.granted() + add;
    if (add > 0) {
      grant(rows, lease, window.windowId(), total, "lease-request");
    }
    long available = window.available() - add;
    boolean exhausted =
        total < ask.needTotal() || (add == 0 && available == 0 && ask.wantTotal() > total);
    return new LeaseAnswer.Granted(
        lease.leaseId(),
        total,
        exhausted,
        window.windowId(),
        remaining,
        exhausted ? shorter(RETRY_AFTER, remaining) : Duration.ZERO,
        available,
        window.limit());
  }

  private static LeaseAnswer answer(
      long total, boolean exhausted, LeaseRow lease, BudgetWindow window, Duration remaining) {
    return new LeaseAnswer.Granted(
        lease.leaseId(),
        total,
        exhausted,
        window.windowId(),
        remaining,
        Duration.ZERO,
        window.available(),
        window.limit());
  }

  /**
   * Ends a lease and makes what is left of it available again; empty where records that may be
   * charged to it are still on their way, so that the node has to ask again.
   *
   * @param ackedSeq how far the lease's spool is committed
   * @return what went back over the lease's life, nano-USD; 0 for a lease that is not the node's
   */
  public OptionalLong close(UUID leaseId, String node, UUID spoolId, long finalSeq, long ackedSeq)
      throws SQLException {
    if (ackedSeq < finalSeq) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        transactions.inOne(
            connection -> close(new LedgerRows(connection), leaseId, node, spoolId)));
  }

  private static long close(LedgerRows rows, UUID leaseId, String node, UUID spoolId)
      throws SQLException {
    Optional<LeaseRow> known = rows.lease(leaseId);
    if (known.isEmpty() || !known.get().belongsTo(node, spoolId)) {
      return 0;
    }
    BudgetWindow window = lock(rows, known.get().windowId());
    LeaseRow lease = rows.lockLease(leaseId);
    long rest = lease.rest();
    if (lease.closed()) {
      return lease.returned();
    }
    if (rest > 0) {
      long returned = lease.returned() + rest;
      UUID txnId = NameUuid.of("CLOSE", leaseId, returned);
      rows.post(txnId, "CLOSE", window.windowId(), leaseId, rest, "lease-close");
      // A lowered limit takes its part before anybody else can lease it.
      align(rows, lock(rows, window.windowId()), window.limit() - window.pendingCut());
    }
    rows.closeLease(leaseId);
    return lease.returned() + rest;
  }

  /** Which of these leases exist and belong to the spool. */
  public Set<UUID> known(Connection connection, UUID spoolId, Collection<UUID> leaseIds)
      throws SQLException {
    if (leaseIds.isEmpty()) {
      return Set.of();
    }
    return new LedgerRows(connection)
        .leases(spoolId, leaseIds).stream().map(LeaseRow::leaseId).collect(Collectors.toSet());
  }

  /**
   * Books what was used, within the caller's transaction: what records {@code firstSeq} to {@code
   * lastSeq} of a spool cost, per lease. Costs above a lease are granted to it from the window, and
   * only what the window does not have is overage.
   */
  public void settle(
      Connection connection, UUID spoolId, long firstSeq, long lastSeq, Map<UUID, Long> costs)
      throws SQLException {
    if (costs.isEmpty()) {
      return;
    }
    LedgerRows rows = new LedgerRows(connection);
    TreeMap<UUID, List<UUID>> byWindow = new TreeMap<>();
    rows.leases(spoolId, costs.keySet()).stream()
        .collect(
            Collectors.groupingBy(
                LeaseRow::windowId, Collectors.mapping(LeaseRow::leaseId, Collectors.toList())))
        .forEach(byWindow::put);
    for (UUID windowId : byWindow.keySet()) {
      lock(rows, windowId);
    }
    String source = "usage %s %d-%d".formatted(spoolId, firstSeq, lastSeq);
    for (List<UUID> leaseIds : byWindow.values()) {
      for (UUID leaseId : leaseIds.stream().sorted().toList()) {
        long cost = costs.getOrDefault(leaseId, 0L);
        settle(rows, rows.lockLease(leaseId), cost, source);
      }
    }
  }

  private static void settle(LedgerRows rows, LeaseRow lease, long cost, String source)
      throws SQLException {
    if (cost == 0) {
      return;
    }
    UUID windowId = lease.windowId();
    long gap = Math.max(0, cost - lease.rest());
    long covered = gap == 0 ? 0 : Math.min(gap, lock(rows, windowId).available());
    if (covered > 0) {
      grant(rows, lease, windowId, lease.granted() + covered, source);
    }
    long over = gap - covered;
    UUID leaseId = lease.leaseId();
    if (cost > over) {
      UUID txnId = NameUuid.of("SETTLE", leaseId, source);
      rows.post(txnId, "SETTLE", windowId, leaseId, cost - over, source);
    }
    if (over > 0) {
      rows.post(NameUuid.of("OVER", leaseId, source), "OVER", windowId, leaseId, over, source);
    }
  }

  /** The window that a budget counts in now; empty where there is no such budget. */
  public Optional<BudgetWindow> newestWindow(String tenant, String budget) throws SQLException {
    return windows(tenant, budget, WindowQuery.NEWEST)
        .flatMap(newest -> newest.stream().findFirst());
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
   * Brings the limits of running windows to what their budgets say now; returns how many moved.
   *
   * <p>It compares rows, so it does not matter who changed the budget, how, or how often this runs.
   * Each window is a transaction of its own.
   */
  public int alignLimits() throws SQLException {
    Instant now = clock.instant();
    List<UUID> misaligned =
        transactions.inOne(connection -> new LedgerRows(connection).misalignedWindows(now));
    for (UUID windowId : misaligned) {
      transactions.inOne(connection -> {
        LedgerRows rows = new LedgerRows(connection);
        BudgetWindow window = lock(rows, windowId);
        Optional<BudgetTerms> terms = rows.budget(window.budgetId());
        return terms.isEmpty() ? window : align(rows, window, terms.get().amount());
      });
    }
    return misaligned.size();
  }

  /** Moves a locked window's limit to a target, as far as it can be now. */
  private static BudgetWindow align(LedgerRows rows, BudgetWindow window, long target)
      throws SQLException {
    LimitChange change = LimitChange.plan(window.limit(), window.available(), target);
    if (change.equals(new LimitChange(0, 0, window.pendingCut()))) {
      return window;
    }
    UUID windowId = window.windowId();
    if (change.fund() > 0) {
      UUID txnId = NameUuid.of("FUND", windowId, window.limitMoves() + 1);
      rows.post(txnId, "FUND", windowId, null, change.fund(), "budget");
    }
    if (change.cut() > 0) {
      UUID txnId = NameUuid.of("CUT", windowId, window.limitMoves() + 1);
      rows.post(txnId, "CUT", windowId, null, change.cut(), "budget");
    }
    if (change.pendingCut() != window.pendingCut()) {
      rows.setPendingCut(windowId, change.pendingCut());
    }
    return lock(rows, windowId);
  }

  private static void grant(
      LedgerRows rows, LeaseRow lease, UUID windowId, long total, String source)
      throws SQLException {
    UUID txnId = NameUuid.of("GRANT", lease.leaseId(), total);
    rows.post(txnId, "GRANT", windowId, lease.leaseId(), total - lease.granted(), source);
  }

  private static BudgetWindow lock(LedgerRows rows, UUID windowId) throws SQLException {
    return rows.lockWindow(windowId)
        .orElseThrow(() -> new SQLException("window " + windowId + " is gone"));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
