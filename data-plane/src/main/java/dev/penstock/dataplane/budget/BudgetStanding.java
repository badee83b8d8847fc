package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;

/**
 * What a budget has, as far as this node knows.
 *
 * @param left in the window beyond all leases, and free on this node
 * @param resetsInMillis until the budget's next window; 0: not known
 */
record BudgetStanding(NanoUsd left, NanoUsd limit, long resetsInMillis) {}
