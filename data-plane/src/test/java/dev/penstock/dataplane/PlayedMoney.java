package dev.penstock.dataplane;

import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseGrant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A control plane that grants what is needed as long as a budget has so much, and nothing else. */
final class PlayedMoney {

  static final long PLENTY = 1_000_000_000_000L;

  /** By budget. */
  final Map<String, Long> left = new ConcurrentHashMap<>();

  private final NodeTester node;
  private final long limit;
  private final Map<String, String> budgetOfLease = new ConcurrentHashMap<>();
  private boolean exact;
  private volatile boolean silent;

  /** {@code limit} is what it says of every window. */
  PlayedMoney(NodeTester node, long limit) {
    this.node = node;
    this.limit = limit;
  }

  PlayedMoney start() {
    node.leases.onConnected();
    node.leases.onWaiting(this::answer);
    return this;
  }

  /** Says of what is left what is left beside all that it has granted. */
  PlayedMoney exact() {
    exact = true;
    return this;
  }

  /** From now on it says nothing. */
  void fallSilent() {
    silent = true;
  }

  private void answer() {
    if (silent) {
      return;
    }
    for (LeaseAsk ask : node.leases.dueAsks()) {
      long has = left.getOrDefault(ask.budgetId(), 0L);
      boolean enough = ask.needTotal() <= has;
      budgetOfLease.put(ask.leaseId(), ask.budgetId());
      node.leases.onGrant(
          new LeaseGrant(
              ask.leaseId(),
              enough ? ask.needTotal() : 0,
              0,
              0,
              enough ? LeaseGrant.State.ACTIVE : LeaseGrant.State.EXHAUSTED,
              60_000,
              1_000,
              exact ? Math.max(0, has - ask.grantedTotal()) : has,
              limit));
    }
  }

  /** The budget of a lease that was asked for. */
  String budgetOf(String leaseId) {
    return budgetOfLease.getOrDefault(leaseId, "none");
  }
}
