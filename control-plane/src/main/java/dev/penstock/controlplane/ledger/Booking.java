package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.LeaseBalance;

/**
 * A decision on a locked lease, to be booked.
 *
 * @param before the lease as it is
 * @param pendingCutBefore what its window's lowered limit still had to take back when it was
 *     decided
 * @param source what it stems from
 */
record Booking(LeaseBalance before, long pendingCutBefore, Decision decision, String source) {}
