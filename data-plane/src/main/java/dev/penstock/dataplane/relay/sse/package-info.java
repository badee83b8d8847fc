/** Cuts a stream of server-sent events at event boundaries, wherever the network cut it. */
@NullMarked
package dev.penstock.dataplane.relay.sse;

import org.jspecify.annotations.NullMarked;
