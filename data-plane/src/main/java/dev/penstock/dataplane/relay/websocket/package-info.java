/** Chat Completions over a plain WebSocket: one request object per text frame, events back. */
@NullMarked
package dev.penstock.dataplane.relay.websocket;

import org.jspecify.annotations.NullMarked;
