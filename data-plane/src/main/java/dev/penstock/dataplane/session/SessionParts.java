package dev.penstock.dataplane.session;

import dev.penstock.dataplane.budget.BudgetActions;
import dev.penstock.dataplane.budget.LeaseDesk;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.ratelimit.RateShares;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.SnapshotClient;
import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * What the session talks about.
 *
 * @param inflight exchanges that are running, for heartbeats
 * @param rateShares this node's, of rate limits
 * @param budgetActions is told what budgets do
 */
public record SessionParts(
    Spool spool,
    LeaseDesk leases,
    CurrentSnapshot current,
    SnapshotClient snapshots,
    IntSupplier inflight,
    RateShares rateShares,
    BudgetActions budgetActions) {

  public SessionParts {
    Objects.requireNonNull(spool, "spool");
    Objects.requireNonNull(leases, "leases");
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(snapshots, "snapshots");
    Objects.requireNonNull(inflight, "inflight");
    Objects.requireNonNull(rateShares, "rateShares");
    Objects.requireNonNull(budgetActions, "budgetActions");
  }
}
