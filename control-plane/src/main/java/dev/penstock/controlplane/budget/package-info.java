/** Budgets as they are stated; the money in them is the ledger's. */
@NullMarked
package dev.penstock.controlplane.budget;

import org.jspecify.annotations.NullMarked;
