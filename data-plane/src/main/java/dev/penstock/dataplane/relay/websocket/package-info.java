/**
 * Exchanges on a WebSocket: Chat Completions, one request object per text frame, and Responses in
 * OpenAI's WebSocket mode. Holds what a connection shares; never decides whether an exchange may
 * run.
 */
@NullMarked
package dev.penstock.dataplane.relay.websocket;

import org.jspecify.annotations.NullMarked;
