package dev.penstock.dataplane.relay.websocket;

import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One WebSocket and the exchanges that run on it. They share one write queue: when it is full every
 * one of them pauses its provider, and no further message is read. Owned by the socket's event
 * loop.
 */
public final class SocketSession {

  private final ServerWebSocket socket;
  private final int maxExchanges;
  private final Set<SocketChannel> channels = new LinkedHashSet<>();
  private boolean gone;

  public SocketSession(ServerWebSocket socket, int maxExchanges, int writeQueueBytes) {
    this.socket = socket;
    this.maxExchanges = maxExchanges;
    socket.setWriteQueueMaxSize(writeQueueBytes);
    socket.closeHandler(closed -> left());
    socket.exceptionHandler(failure -> left());
    socket.drainHandler(drained -> onDrain());
  }

  private void left() {
    if (gone) {
      return;
    }
    gone = true;
    all().forEach(SocketChannel::left);
    channels.clear();
  }

  private void onDrain() {
    socket.resume();
    for (SocketChannel channel : all()) {
      if (!socket.writeQueueFull()) {
        channel.drained();
      }
    }
  }

  private List<SocketChannel> all() {
    return new ArrayList<>(channels);
  }

  /** Whether another exchange may start. */
  public boolean hasRoom() {
    return channels.size() < maxExchanges;
  }

  /** A channel for one exchange; it leaves the session with its last frame. */
  public SocketChannel open(String requestId) {
    SocketChannel channel = new SocketChannel(this, requestId);
    channels.add(channel);
    return channel;
  }

  boolean gone() {
    return gone;
  }

  boolean full() {
    return !gone && socket.writeQueueFull();
  }

  void send(String frame) {
    if (gone) {
      return;
    }
    socket.writeTextMessage(frame).onFailure(failure -> left());
    if (socket.writeQueueFull()) {
      // A client that only asks and never reads must not make answers pile up.
      socket.pause();
    }
  }

  void close(SocketChannel channel) {
    channels.remove(channel);
  }

  /**
   * Ends the connection of a client that does not read; RFC 6455, section 7.4.1: policy violation.
   */
  void abort() {
    socket.close((short) 1008, "stalled_client").onComplete(closed -> left());
    left();
  }
}
