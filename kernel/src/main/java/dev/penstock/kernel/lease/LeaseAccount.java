package dev.penstock.kernel.lease;

import dev.penstock.kernel.lease.Lease.State;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lease as the {@link LeaseBook} counts it: changed in place, because a hold happens once per
 * exchange and budget and must not make garbage. Never leaves the book; others see a {@link Lease}.
 */
final class LeaseAccount {

  /** Each hold takes a thirty-second part off the largest before it. */
  private static final int FORGETTING = 5;

  /**
   * What is spent is counted over spans of this length, so that one answer does not make a rate.
   */
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(5);

  final String leaseId;
  final BudgetAccount budget;
  long granted;
  long returned;
  long consumed;
  long reserved;

  /** That have not ended; one of a price of zero reserves nothing, and is one nevertheless. */
  int holds;

  long recall;
  LeaseBook.@Nullable Ask ask;
  State state;

  /** The control plane has said that nothing more may be spent from it. */
  boolean revoked;

  /** What of a budget the node has: its lease of now, and what is held on it at a time. */
  static final class BudgetAccount {
    final String budgetId;

    /** Null until it is needed, and where a window has ended. */
    @Nullable LeaseAccount current;

    /** Of late: an amount that is not held again is forgotten, some hundred holds later. */
    long largestHold;

    /** Nano-USD spent in a minute, as of the last spans, each counting as much as all before it. */
    long burnPerMinute;

    private long spentInSpan;
    private long spanBegan;
    private boolean isTimed;

    BudgetAccount(String budgetId) {
      this.budgetId = budgetId;
    }

    void noteSpent(long cost) {
      spentInSpan = Math.addExact(spentInSpan, cost);
    }

    /** {@code now} is monotonic nanoseconds. */
    void noteTime(long now) {
      if (!isTimed) {
        isTimed = true;
        spanBegan = now;
        spentInSpan = 0;
      }
      long elapsed = now - spanBegan;
      if (elapsed < SPAN_NANOS) {
        return;
      }
      double minutes = (double) elapsed / TimeUnit.MINUTES.toNanos(1);
      burnPerMinute = burnPerMinute / 2 + (long) (spentInSpan / minutes / 2);
      spanBegan = now;
      spentInSpan = 0;
    }

    /** What was asked for and refused says nothing about what is to come, and is not noted. */
    void noteHold(long amount) {
      largestHold = Math.max(largestHold - (largestHold >> FORGETTING), amount);
    }
  }

  LeaseAccount(String leaseId, BudgetAccount budget) {
    this.leaseId = leaseId;
    this.budget = budget;
    state = State.PENDING;
  }

  LeaseAccount(Lease lease, BudgetAccount budget) {
    this.leaseId = lease.leaseId();
    this.budget = budget;
    granted = lease.granted();
    returned = lease.returned();
    consumed = lease.consumed();
    reserved = lease.reserved();
    state = lease.state();
  }

  long free() {
    return state == State.ACTIVE ? granted - returned - consumed - reserved : 0;
  }

  /**
   * What can be added to a hold; negative after a settlement above its hold. A lease whose window
   * is over still has it: it is closed once its last hold has ended, and until then the money is
   * this node's alone.
   */
  long spare() {
    return revoked || state == State.PENDING ? 0 : granted - returned - consumed - reserved;
  }

  /** What the control plane wants back and has not got. */
  long recalled() {
    return state == State.ACTIVE ? Math.max(0, recall - returned) : 0;
  }

  Lease view() {
    return new Lease(leaseId, budget.budgetId, granted, returned, consumed, reserved, state);
  }
}
