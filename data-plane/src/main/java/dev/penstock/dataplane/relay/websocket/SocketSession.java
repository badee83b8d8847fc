package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.config.Limits;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket and the exchanges that run on it. They share one write queue: when it is full every
 * one of them pauses its provider, and no further message is read. Owned by the socket's event
 * loop.
 */
public final class SocketSession {

  private static final Logger LOG = LoggerFactory.getLogger(SocketSession.class);

  /** Time to take what has been written to a connection that is being closed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Limits limits;
  private final Set<SocketChannel> channels = new LinkedHashSet<>();
  private long idleSince = System.nanoTime();
  private long timer;
  private boolean gone;

  public SocketSession(Vertx vertx, ServerWebSocket socket, Limits limits) {
    this.vertx = vertx;
    this.socket = socket;
    this.limits = limits;
    socket.setWriteQueueMaxSize(limits.writeQueueBytes());
    socket.closeHandler(closed -> left());
    socket.exceptionHandler(failure -> left());
    socket.drainHandler(drained -> onDrain());
    lookAfter(limits.idleClient());
  }

  private void left() {
    if (gone) {
      return;
    }
    gone = true;
    vertx.cancelTimer(timer);
    for (SocketChannel channel : all()) {
      try {
        channel.left();
      } catch (RuntimeException fault) {
        // The others hold money and providers' connections as well, and have to hear of it.
        LOG.error("an exchange on a closed WebSocket could not be ended", fault);
      }
    }
    channels.clear();
  }

  private void lookAfter(Duration time) {
    timer = vertx.setTimer(Math.max(1, time.toMillis()), fired -> look());
  }

  /** Ends the connection of a client for which nothing has run for a while. */
  private void look() {
    Duration idle = Duration.ofNanos(System.nanoTime() - idleSince);
    if (!channels.isEmpty()) {
      lookAfter(limits.idleClient());
    } else if (idle.compareTo(limits.idleClient()) < 0) {
      lookAfter(limits.idleClient().minus(idle));
    } else {
      close((short) 1001, "idle"); // RFC 6455, section 7.4.1: going away
    }
  }

  /** Says why, and cuts the connection if the client does not take even that. */
  private void close(short code, String reason) {
    socket.close(code, reason).onComplete(closed -> left());
    vertx.setTimer(
        LAST_WORDS.toMillis(),
        fired -> ((WebSocketInternal) socket).channelHandlerContext().close());
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
    return channels.size() < limits.maxExchangesPerSocket();
  }

  /** A channel for one message's exchange; it leaves the session with its last frame. */
  public SocketChannel open(String requestId, Buffer message) {
    SocketChannel channel = new SocketChannel(this, requestId, message);
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
    idleSince = System.nanoTime();
  }

  /**
   * Ends the connection of a client that does not read; RFC 6455, section 7.4.1: policy violation.
   */
  void abort() {
    close((short) 1008, "stalled_client");
    left();
  }
}
