/**
 * Upstream credentials: sealed from the first row, opened only to be sealed again for the nodes of
 * a region, never readable through any API.
 *
 * <p>A value is encrypted with a key of its own, which the master key wraps ({@link
 * dev.penstock.controlplane.secret.Envelope}); {@link dev.penstock.controlplane.secret.Secrets}
 * stores versions; {@link dev.penstock.controlplane.secret.DeliveryKeys} are what nodes get.
 */
@NullMarked
package dev.penstock.controlplane.secret;

import org.jspecify.annotations.NullMarked;
