package dev.penstock.simulation;

import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseEnd;
import dev.penstock.kernel.lease.LeaseReturn;
import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.Decision.Verdict;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import dev.penstock.kernel.ledger.LeaseDecisions;
import dev.penstock.kernel.ledger.LeaseDecisions.Circumstances;
import dev.penstock.kernel.ledger.LeaseDecisions.Request;
import dev.penstock.kernel.ledger.WindowBalance;
import dev.penstock.kernel.ledger.WindowDecisions;
import dev.penstock.simulation.Message.Sender;
import dev.penstock.simulation.Violation.Invariant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The database as the control plane's replicas share it: each method is one transaction. */
final class SimLedger {

  private final Scenario scenario;
  private final Design design;
  private final Books books = new Books();
  private final long[] limits;
  private final SimUsage usage;
  private final Map<String, Long> incarnations = new HashMap<>();

  /** What a node asked for, answered. */
  record Answer(
      Decision decision, long added, UUID windowId, long windowEndsIn, boolean recalling) {}

  SimLedger(Scenario scenario, Design design) {
    this.scenario = scenario;
    this.design = design;
    usage = new SimUsage(books, design);
    limits = new long[scenario.budgets()];
    java.util.Arrays.fill(limits, scenario.limit());
  }

  Books books() {
    return books;
  }

  SimUsage usage() {
    return usage;
  }

  static String budgetId(int budget) {
    return "budget-" + budget;
  }

  private static int budget(String budgetId) {
    return Integer.parseInt(budgetId.substring("budget-".length()));
  }

  /** The window of a budget and period; never another's. */
  private static UUID windowId(int budget, long period) {
    return new UUID(budget + 1L, period);
  }

  /** Somebody changes a budget. */
  void changeLimit(int budget, long limit) {
    limits[budget] = limit;
  }

  /** Windows that run now follow their budgets; what a cut lacks is recalled. */
  void align(long now) {
    for (int budget = 0; budget < limits.length; budget++) {
      UUID windowId = windowId(budget, period(now));
      if (!books.hasWindow(windowId)) {
        continue;
      }
      books.commit(WindowDecisions.align(books.window(windowId), limits[budget]));
      WindowBalance aligned = books.window(windowId);
      if (aligned.pendingCut() > 0) {
        recall(WindowDecisions.recalls(active(windowId, ""), aligned.pendingCut()));
      }
    }
  }

  /** The last period goes on for as long as everything settles. */
  private static long period(long now) {
    long latest = Scenario.FAULTY.toNanos() - 1;
    return Math.min(Math.max(0, now), latest) / Scenario.PERIOD.toNanos();
  }

  /** A process of a node says Hello. */
  void greet(Sender sender) {
    incarnations.merge(sender.node(), sender.incarnation(), Math::max);
  }

  boolean isReplaced(Sender sender) {
    return sender.incarnation() < incarnations.getOrDefault(sender.node(), 0L);
  }

  /** A node asks for money, by a control plane's clock. */
  Answer request(Sender sender, LeaseAsk ask, long now, boolean learning) {
    UUID leaseId = UUID.fromString(ask.leaseId());
    int budget = budget(ask.budgetId());
    UUID current = windowId(budget, period(now));
    if (!books.knows(leaseId)) {
      books.open(WindowBalance.empty(current, scenario.mode()));
      books.open(LeaseBalance.opened(leaseId, current, sender.node(), sender.spoolId()));
    }
    LeaseBalance lease = books.lease(leaseId);
    WindowBalance window = books.window(lease.windowId());
    boolean over = !window.windowId().equals(current);
    Request request =
        new Request(
            sender.node(),
            sender.spoolId(),
            ask.grantedTotal(),
            ask.returnedTotal(),
            ask.wantTotal(),
            ask.needTotal());
    List<LeaseBalance> others = active(window.windowId(), sender.node());
    int nodes = 1 + (int) others.stream().map(LeaseBalance::node).distinct().count();
    Circumstances found =
        new Circumstances(isReplaced(sender), limits[budget], nodes, over, learning);
    Decision decision = LeaseDecisions.request(window, lease, request, found);
    checkGrant(sender, lease, decision);
    books.commit(decision);
    boolean recalling =
        decision.verdict() == Verdict.EXHAUSTED
            && recall(
                WindowDecisions.recalls(others, ask.needTotal() - decision.lease().granted()));
    return new Answer(
        decision,
        decision.lease().granted() - lease.granted(),
        window.windowId(),
        over ? 0 : windowEndsIn(now),
        recalling);
  }

  private static long windowEndsIn(long now) {
    boolean last = period(now) == period(Long.MAX_VALUE);
    return last
        ? Duration.ofHours(1).toNanos()
        : (period(now) + 1) * Scenario.PERIOD.toNanos() - now;
  }

  private void checkGrant(Sender sender, LeaseBalance lease, Decision decision) {
    boolean grants = decision.lease().granted() > lease.granted();
    if (grants
        && (lease.standing() != Standing.ACTIVE
            || !lease.node().equals(sender.node())
            || !lease.spoolId().equals(sender.spoolId())
            || isReplaced(sender))) {
      throw new Violation(Invariant.GRANTS_TO_OWNERS, lease + " for " + sender);
    }
  }

  private List<LeaseBalance> active(UUID windowId, String notOf) {
    return books.openLeases(windowId).stream()
        .filter(lease -> lease.standing() == Standing.ACTIVE && !lease.node().equals(notOf))
        .toList();
  }

  private boolean recall(List<LeaseBalance> leases) {
    leases.forEach(books::recall);
    return !leases.isEmpty();
  }

  /** A node gives back; the lease as it is then. */
  LeaseBalance giveBack(Sender sender, LeaseReturn given) {
    LeaseBalance lease = books.lease(UUID.fromString(given.leaseId()));
    books.commit(
        LeaseDecisions.giveBack(
            books.window(lease.windowId()),
            lease,
            sender.node(),
            sender.spoolId(),
            given.returnedTotal()));
    return books.lease(lease.leaseId());
  }

  /** A node leaves a lease; false if records that it pays for are still on their way. */
  boolean close(Sender sender, LeaseEnd end) {
    UUID leaseId = UUID.fromString(end.leaseId());
    if (!books.knows(leaseId)) {
      return true;
    }
    LeaseBalance lease = books.lease(leaseId);
    boolean allRecorded = usage.acked(sender.spoolId()) >= end.finalSeq();
    Decision decision =
        LeaseDecisions.close(
            books.window(lease.windowId()),
            lease,
            sender.node(),
            sender.spoolId(),
            end.consumedTotal(),
            allRecorded);
    books.commit(decision);
    return decision.verdict() != Verdict.NOT_YET;
  }

  /** A node was silent for too long. */
  void expire(LeaseBalance lease) {
    books.commit(LeaseDecisions.expire(books.window(lease.windowId()), lease));
    if (design == Design.RECLAIM_AT_EXPIRY) {
      reclaim(books.lease(lease.leaseId()));
    }
  }

  /** What a broken design does: as if the node had closed the lease. */
  void reclaim(LeaseBalance lease) {
    books.commit(
        LeaseDecisions.close(
            books.window(lease.windowId()), lease, lease.node(), lease.spoolId(), 0, true));
  }

  void release(LeaseBalance lease) {
    books.commit(LeaseDecisions.release(books.window(lease.windowId()), lease));
  }

  void presume(LeaseBalance lease) {
    books.commit(LeaseDecisions.presume(books.window(lease.windowId()), lease));
  }
}
