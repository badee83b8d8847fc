package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.config.Limits;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients' connections of one event loop. One that asks for nothing, or sends its first headers
 * drop by drop, is closed; so is one on which nothing has run for a while.
 *
 * <p>An exchange costs it two stores, and a chunk nothing: each connection has one timer, which
 * looks at what was stored and sets itself to when there may be something to do.
 */
public final class ClientConnections {

  /** Time to take what has been written to a connection that is being closed. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Limits limits;
  private final Map<HttpConnection, Client> clients = new IdentityHashMap<>();

  /** What is known of a connection. */
  private static final class Client {
    private @Nullable HttpServerRequest running;
    private Duration patience;
    private long idleSince = System.nanoTime();
    private boolean closing;
    private long timer;

    Client(Duration patience) {
      this.patience = patience;
    }
  }

  public ClientConnections(Vertx vertx, Limits limits) {
    this.vertx = vertx;
    this.limits = limits;
  }

  /** A client has connected. */
  public void opened(HttpConnection connection) {
    connection.exceptionHandler(ignored -> {});
    Client client = new Client(limits.headers());
    clients.put(connection, client);
    boolean patient = limits.headers().compareTo(limits.idleClient()) < 0;
    lookAfter(connection, client, patient ? limits.headers() : limits.idleClient());
    // Not the connection's close handler: there is one, and who ends an exchange may set it too.
    channel(connection).channel().closeFuture().addListener(closed -> forget(connection));
  }

  private static ChannelHandlerContext channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext();
  }

  /** An exchange begins; it ends with its response, or with {@link #ended}. */
  void asked(HttpServerRequest request) {
    Client client = clients.get(request.connection());
    if (client != null) {
      client.running = request;
      client.patience = limits.idleClient();
      request.response().endHandler(end -> ended(request));
    }
  }

  /** Nothing more comes for a request, whether its client was told so or cannot be told. */
  void ended(HttpServerRequest request) {
    Client client = clients.get(request.connection());
    // A pipelined request begins before the one before it is known to have ended.
    if (client != null && client.running == request) {
      client.running = null;
      client.idleSince = System.nanoTime();
    }
  }

  /** A connection that carries a WebSocket is that session's to close. */
  void upgraded(HttpConnection connection) {
    forget(connection);
  }

  /** How many connections are looked after. */
  int watched() {
    return clients.size();
  }

  private void forget(HttpConnection connection) {
    Client client = clients.remove(connection);
    if (client != null) {
      vertx.cancelTimer(client.timer);
    }
  }

  private void lookAfter(HttpConnection connection, Client client, Duration time) {
    client.timer = vertx.setTimer(Math.max(1, time.toMillis()), fired -> look(connection, client));
  }

  private void look(HttpConnection connection, Client client) {
    if (client.closing) {
      // Closing waits until what was written has been taken; who does not read never takes it.
      clients.remove(connection);
      channel(connection).close();
      return;
    }
    if (client.running != null) {
      lookAfter(connection, client, client.patience);
      return;
    }
    Duration idle = Duration.ofNanos(System.nanoTime() - client.idleSince);
    if (idle.compareTo(client.patience) < 0) {
      lookAfter(connection, client, client.patience.minus(idle));
      return;
    }
    client.closing = true;
    lookAfter(connection, client, LAST_WORDS);
    connection.close();
  }
}
