package dev.penstock.dataplane.budget;

/** A lease that is not used any more; all its settlements have a number of at most the last. */
public record LeaseEnd(String leaseId, long finalSeq) {}
