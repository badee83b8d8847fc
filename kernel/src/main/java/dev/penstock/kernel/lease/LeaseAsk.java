package dev.penstock.kernel.lease;

/**
 * A node's request for money, for one lease. Amounts in nano-USD, totals over the lease's life.
 *
 * @param needTotal what a waiting exchange cannot do without; 0: none waits
 * @param grantedTotal what the node knows to have been granted
 * @param returnedTotal what the node has given back
 * @param reservedNow what open holds reserve now
 */
public record LeaseAsk(
    String leaseId,
    String budgetId,
    long wantTotal,
    long needTotal,
    long grantedTotal,
    long returnedTotal,
    long consumedTotal,
    long reservedNow,
    long burnPerSecond) {}
