package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.Decision.Verdict;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseDecisions;
import dev.penstock.kernel.ledger.LeaseDecisions.Circumstances;
import dev.penstock.kernel.ledger.LeaseDecisions.Request;
import dev.penstock.kernel.ledger.WindowDecisions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How a node's request for money is answered, within one transaction. */
final class LeaseRequests {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * The least that a node can be told of a window's end, for zero milliseconds are nothing said: it
   * would keep the lease of a window that is over, and get no money for the one of now.
   */
  private static final Duration NOW = Duration.ofMillis(1);

  private LeaseRequests() {}

  /** Extends a lease, or opens it on the budget's current window. */
  static LeaseAnswer answer(LedgerRows rows, LeaseAsk ask, Instant now) throws SQLException {
    Optional<LedgerRows.Asked> found = rows.asked(ask, LeaseTimes.TTL);
    if (found.isEmpty()) {
      return new LeaseAnswer.Closed(ask.leaseId());
    }
    BudgetTerms terms = found.get().terms();
    Period period = terms.periodAt(now);
    UUID current = terms.windowId(period);
    LedgerRows.Locked locked =
        found.get().locked().isPresent()
            ? found.get().locked().get()
            : opened(rows, ask, terms, period);
    BudgetWindow window = locked.window();
    LeaseBalance lease = locked.lease();
    if (!window.budgetId().equals(ask.budgetId())) {
      return new LeaseAnswer.Closed(ask.leaseId());
    }
    boolean over = !window.windowId().equals(current) || !window.period().holds(now);
    Decision decision = decide(ask, locked, terms.amount(), over);
    Booking booking = new Booking(lease, window.pendingCut(), decision, "lease-request");
    if (decision.verdict() == Verdict.CLOSED) {
      rows.book(booking); // it is not the lease's node that is heard of
    } else {
      rows.bookHeard(booking);
    }
    Duration remaining = over ? NOW : longer(NOW, terms.remaining(window.period(), now));
    return answer(rows, ask, decision, remaining);
  }

  private static LedgerRows.Locked opened(
      LedgerRows rows, LeaseAsk ask, BudgetTerms terms, Period period) throws SQLException {
    UUID windowId = terms.windowId(period);
    rows.openWindow(terms, period);
    Ledger.lock(rows, windowId);
    rows.leases().open(ask, windowId);
    if (!rows.leases().lockableWindow(ask.leaseId()).equals(windowId)) {
      throw LedgerRows.openedMeanwhile(ask.leaseId()); // on another window, which comes first then
    }
    return rows.asked(ask, LeaseTimes.TTL)
        .flatMap(LedgerRows.Asked::locked)
        .orElseThrow(() -> new SQLException("lease " + ask.leaseId() + " is gone"));
  }

  private static Decision decide(LeaseAsk ask, LedgerRows.Locked locked, long limit, boolean over) {
    LeaseRows.Surroundings around = locked.around();
    return LeaseDecisions.request(
        locked.window().balance(),
        locked.lease(),
        new Request(
            ask.node(),
            ask.spoolId(),
            ask.knownGranted(),
            ask.givenBack(),
            ask.wantTotal(),
            ask.needTotal()),
        new Circumstances(
            ask.incarnation() < around.newestIncarnation(),
            limit,
            1 + around.otherNodes(),
            over,
            around.learning()));
  }

  private static LeaseAnswer answer(
      LedgerRows rows, LeaseAsk ask, Decision decision, Duration remaining) throws SQLException {
    LeaseBalance lease = decision.lease();
    return switch (decision.verdict()) {
      case QUARANTINED ->
          new LeaseAnswer.Quarantined(lease.leaseId(), lease.granted(), lease.givenBack());
      case CLOSED, NOT_YET -> new LeaseAnswer.Closed(lease.leaseId());
      case ACTIVE -> granted(decision, false, false, remaining);
      case EXHAUSTED -> {
        long lacking = ask.needTotal() - lease.granted() - decision.window().available();
        yield granted(
            decision, true, recall(rows, lease.windowId(), ask.node(), lacking), remaining);
      }
    };
  }

  private static LeaseAnswer granted(
      Decision decision, boolean exhausted, boolean recalling, Duration remaining) {
    LeaseBalance lease = decision.lease();
    return new LeaseAnswer.Granted(
        lease.leaseId(),
        lease.granted(),
        lease.givenBack(),
        lease.recallTotal(),
        exhausted,
        recalling,
        lease.windowId(),
        remaining,
        exhausted ? shorter(RETRY_AFTER, remaining) : Duration.ZERO,
        decision.window().available(),
        decision.window().limit());
  }

  /** Asks other nodes for what is lacking; whether any was not asked before. */
  static boolean recall(LedgerRows rows, UUID windowId, String notOf, long lacking)
      throws SQLException {
    if (lacking <= 0) {
      return false;
    }
    List<LeaseBalance> asked =
        WindowDecisions.recalls(rows.leases().active(windowId, notOf), lacking);
    for (LeaseBalance lease : asked) {
      rows.leases().note(lease, LeaseRows.Heard.NO);
    }
    return !asked.isEmpty();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
