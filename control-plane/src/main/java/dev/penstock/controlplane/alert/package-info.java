/**
 * Tells people of budgets' alerts, by signed webhooks: each alert once noted is sent until somebody
 * takes it or all attempts are used up. It judges nothing and never calls an address that is not
 * public, unless the configuration allows it.
 *
 * <p>{@link dev.penstock.controlplane.alert.AlertSender} takes what is due from {@link
 * dev.penstock.controlplane.alert.AlertOutbox}, which is filled in the transaction that notes the
 * alert.
 */
@NullMarked
package dev.penstock.controlplane.alert;

import org.jspecify.annotations.NullMarked;
