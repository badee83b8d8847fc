package dev.penstock.dataplane.budget;

/**
 * A request for money, for one lease. Amounts in nano-USD, totals over the lease's life.
 *
 * @param needTotal what a waiting exchange cannot do without; 0: none waits
 * @param reservedNow what open holds reserve now
 */
public record LeaseAsk(
    String leaseId,
    String budgetId,
    long wantTotal,
    long needTotal,
    long consumedTotal,
    long reservedNow,
    long burnPerSecond) {}
