/**
 * How many requests, tokens and open exchanges a tenant may have: meters of this node's share of
 * each limit. It never asks the control plane and never waits.
 */
@NullMarked
package dev.penstock.dataplane.ratelimit;

import org.jspecify.annotations.NullMarked;
