package dev.penstock.kernel.lease;

/**
 * A lease that is not used any more; all its settlements have a number of at most the last.
 *
 * @param consumedTotal what was settled on it over its life, nano-USD
 */
public record LeaseEnd(String leaseId, long finalSeq, long consumedTotal) {}
