/**
 * The token stream and its brakes: bytes flow from provider to client, and either end can stop
 * them.
 *
 * <p>Nothing is written to a client that is full, and nothing is read from a provider for it.
 */
@NullMarked
package dev.penstock.dataplane.relay;

import org.jspecify.annotations.NullMarked;
