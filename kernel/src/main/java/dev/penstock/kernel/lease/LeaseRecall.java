package dev.penstock.kernel.lease;

/**
 * The control plane wants money back, without having been asked anything. Totals over the lease's
 * life, nano-USD.
 *
 * @param recallTotal what it wants to have been given back
 * @param returnedTotal what it knows to have been given back
 */
public record LeaseRecall(String leaseId, long recallTotal, long returnedTotal) {}
