/**
 * Money: a window per budget and period, leases on it, and every movement in an append-only
 * journal.
 *
 * <p>{@link dev.penstock.controlplane.ledger.Ledger} is the door: it answers nodes that ask for
 * money, books what they used and takes back what they leave; {@link
 * dev.penstock.controlplane.ledger.LeaseAging} does what follows when they are silent. What is
 * decided is the kernel's ({@link dev.penstock.kernel.ledger}); {@link
 * dev.penstock.controlplane.ledger.LedgerRows} speaks to the database, which moves money only in
 * its own function and checks every balance. The windows of changed budgets follow by {@link
 * dev.penstock.controlplane.ledger.Ledger#followBudgets}. Never is money moved on the word of a
 * clock.
 */
@NullMarked
package dev.penstock.controlplane.ledger;

import org.jspecify.annotations.NullMarked;
