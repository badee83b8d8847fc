/**
 * How often something may happen in a minute, and how a fleet divides that; it reads no clock and
 * knows nothing of who asks.
 *
 * <p>{@link dev.penstock.kernel.rate.RateBucket} counts on one node; {@link
 * dev.penstock.kernel.rate.SharedLimit} is the control plane's side of sharing a limit and {@link
 * dev.penstock.kernel.rate.NodeShare} the node's.
 */
@NullMarked
package dev.penstock.kernel.rate;

import org.jspecify.annotations.NullMarked;
