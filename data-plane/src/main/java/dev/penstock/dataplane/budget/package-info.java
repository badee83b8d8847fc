/**
 * Money: set aside before an exchange may cost any, charged once when it ends.
 *
 * <p>{@link dev.penstock.dataplane.budget.LeaseDesk} spends what the control plane has granted to
 * this node and asks for more.
 */
@NullMarked
package dev.penstock.dataplane.budget;

import org.jspecify.annotations.NullMarked;
