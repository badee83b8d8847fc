/** Money: periods, limits, grants and settlements against a real Postgres. */
@NullMarked
package dev.penstock.controlplane.ledger;

import org.jspecify.annotations.NullMarked;
