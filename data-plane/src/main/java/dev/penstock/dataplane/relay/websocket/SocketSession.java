package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket and the exchanges that run on it. They share one write queue: when it is full every
 * one of them pauses its provider, and no further message is read. Owned by the socket's event
 * loop.
 */
public final class SocketSession {

  /** Close codes: RFC 6455, section 7.4.1. */
  public static final short GOING_AWAY = 1001;

  static final short POLICY_VIOLATION = 1008;

  private static final short TOO_BIG = 1009;

  private static final Logger LOG = LoggerFactory.getLogger(SocketSession.class);

  /** Time to take what has been written to a connection that is being closed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /** So often within the time that an idle client is given is one pinged that waits for answers. */
  private static final int PINGS = 5;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Limits limits;
  private final Runnable onLeft;
  private final Set<SocketChannel> channels = new LinkedHashSet<>();
  private final long openedAt = System.nanoTime();
  private long idleSince = openedAt;
  private long idleTimer;
  private final long pingTimer;
  private final long lifeTimer;
  private short code;
  private String reason = "";
  private boolean closing;
  private boolean gone;

  /** {@code onLeft} runs once, when the connection is no more. */
  public SocketSession(Vertx vertx, ServerWebSocket socket, Limits limits, Runnable onLeft) {
    this.vertx = vertx;
    this.socket = socket;
    this.limits = limits;
    this.onLeft = onLeft;
    socket.setWriteQueueMaxSize(limits.writeQueueBytes());
    socket.closeHandler(closed -> left());
    socket.exceptionHandler(this::onFailure);
    socket.drainHandler(drained -> onDrain());
    pingTimer =
        vertx.setPeriodic(
            Math.max(1, limits.idleClient().dividedBy(PINGS).toMillis()), fired -> ping());
    lifeTimer =
        vertx.setTimer(
            Math.max(1, limits.socketLife().toMillis()),
            fired -> leave(GOING_AWAY, Code.CONNECTION_LIMIT_REACHED.text()));
    lookAfter(limits.idleClient());
  }

  /** The connection has broken, or what came on it is no message. */
  private void onFailure(Throwable failure) {
    switch (failure) {
      case CorruptedWebSocketFrameException frame ->
          refuseMessages((short) frame.closeStatus().code());
      // How Vert.x tells that the frames of a message are too long together.
      case IllegalStateException tooLong -> refuseMessages(TOO_BIG);
      default -> left();
    }
  }

  private void refuseMessages(short why) {
    socket.pause(); // or what follows would be kept as a part of the message
    close(why, why == TOO_BIG ? Code.REQUEST_TOO_LARGE.text() : Code.INVALID_REQUEST.text());
    left();
  }

  private void left() {
    if (gone) {
      return;
    }
    gone = true;
    vertx.cancelTimer(idleTimer);
    vertx.cancelTimer(pingTimer);
    vertx.cancelTimer(lifeTimer);
    for (SocketChannel channel : all()) {
      try {
        channel.left();
      } catch (RuntimeException fault) {
        // The others hold money and providers' connections as well, and have to hear of it.
        LOG.error("an exchange on a closed WebSocket could not be ended", fault);
      }
    }
    channels.clear();
    onLeft.run();
  }

  private void lookAfter(Duration time) {
    idleTimer = vertx.setTimer(Math.max(1, time.toMillis()), fired -> look());
  }

  /** Ends the connection of a client for which nothing has run for a while. */
  private void look() {
    Duration idle = Duration.ofNanos(System.nanoTime() - idleSince);
    if (!channels.isEmpty()) {
      lookAfter(limits.idleClient());
    } else if (idle.compareTo(limits.idleClient()) < 0) {
      lookAfter(limits.idleClient().minus(idle));
    } else {
      close(GOING_AWAY, "idle");
    }
  }

  /** A provider may think for longer than what stands between keeps a silent connection open. */
  private void ping() {
    if (!gone && !closing && !channels.isEmpty() && !socket.writeQueueFull()) {
      socket.writePing(Buffer.buffer()).onFailure(failure -> left());
    }
  }

  /**
   * Closes the connection once nothing runs on it; no further exchange begins.
   *
   * @param why for the client: a code, and in words of the error catalogue what it means
   */
  public void leave(short why, String words) {
    if (reason.isEmpty()) {
      code = why;
      reason = words;
    }
    if (channels.isEmpty()) {
      close(code, reason);
    }
  }

  /** Says why, and cuts the connection if the client does not take even that. */
  private void close(short why, String words) {
    if (gone || closing) {
      return;
    }
    closing = true;
    socket.close(why, words).onComplete(closed -> left());
    vertx.setTimer(
        LAST_WORDS.toMillis(),
        fired -> ((WebSocketInternal) socket).channelHandlerContext().close());
  }

  private void onDrain() {
    if (gone) {
      return;
    }
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

  /** Why no further exchange may begin here; empty: it may. */
  public Optional<Refusal> full() {
    if (Duration.ofNanos(System.nanoTime() - openedAt).compareTo(limits.socketLife()) >= 0) {
      return Optional.of(
          Refusal.of(
              Code.CONNECTION_LIMIT_REACHED,
              "A WebSocket lives for %d minutes; open another one to go on."
                  .formatted(limits.socketLife().toMinutes())));
    }
    return channels.size() < limits.maxExchangesPerSocket()
        ? Optional.empty()
        : Optional.of(
            Refusal.of(
                Code.CONCURRENCY_LIMIT_EXCEEDED,
                "At most %d exchanges may run on one WebSocket; wait for one to end."
                    .formatted(limits.maxExchangesPerSocket())));
  }

  /** A channel for one message's exchange; it leaves the session with its last frame. */
  public SocketChannel open(String requestId, SocketFrames frames) {
    SocketChannel channel = new SocketChannel(this, requestId, frames);
    channels.add(channel);
    return channel;
  }

  boolean gone() {
    return gone;
  }

  boolean queueFull() {
    return !gone && socket.writeQueueFull();
  }

  /** Sends a frame that belongs to no exchange, or to one of this session. */
  public void send(String frame) {
    if (gone || closing) {
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
    if (channels.isEmpty() && !reason.isEmpty()) {
      close(code, reason);
    }
  }

  /** Ends the connection of a client that does not read. */
  void abort() {
    close(POLICY_VIOLATION, Code.STALLED_CLIENT.text());
    left();
  }
}
