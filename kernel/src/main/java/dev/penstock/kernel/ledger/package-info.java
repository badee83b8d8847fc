/**
 * What the control plane decides about money, as functions of a window, a lease and a message.
 * Never reads a clock or a database: whoever calls has both under lock and books what comes out.
 *
 * <p>{@link dev.penstock.kernel.ledger.LeaseDecisions} answers nodes, {@link
 * dev.penstock.kernel.ledger.WindowDecisions} lets time and changed budgets take effect. Each gives
 * a {@link dev.penstock.kernel.ledger.Decision}: transfers between accounts, in order, and where
 * they lead. The transfers' names are their idempotency keys.
 */
@NullMarked
package dev.penstock.kernel.ledger;

import org.jspecify.annotations.NullMarked;
