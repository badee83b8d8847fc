package dev.penstock.kernel.lease;

/**
 * Money that a node gives back; it has lowered its own limit, and written that down, before it says
 * so.
 *
 * @param returnedTotal given back over the lease's life, nano-USD
 */
public record LeaseReturn(String leaseId, long returnedTotal) {}
