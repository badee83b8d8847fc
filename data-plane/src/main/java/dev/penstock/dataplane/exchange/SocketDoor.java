package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.relay.HttpChannel;
import dev.penstock.dataplane.relay.websocket.ChatFrames;
import dev.penstock.dataplane.relay.websocket.RememberedResponses;
import dev.penstock.dataplane.relay.websocket.ResponseLanes;
import dev.penstock.dataplane.relay.websocket.SocketFrames;
import dev.penstock.dataplane.relay.websocket.SocketSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The step {@code arrive} of what comes on WebSockets: opens them for callers that are known, and
 * makes an exchange of each message. One instance per event loop.
 */
final class SocketDoor {

  private static final short UNSUPPORTED_DATA = 1003; // RFC 6455, section 7.4.1

  private final Vertx vertx;
  private final Arrivals arrivals;
  private final Limits limits;
  private final ClientConnections clients;
  private final RememberedResponses responses = new RememberedResponses();
  private final Set<SocketSession> open = new LinkedHashSet<>();

  SocketDoor(Vertx vertx, Arrivals arrivals, Limits limits, ClientConnections clients) {
    this.vertx = vertx;
    this.arrivals = arrivals;
    this.limits = limits;
    this.clients = clients;
  }

  static boolean isUpgrade(HttpServerRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader("upgrade"));
  }

  /** Called once a second: a node that is being stopped sends its clients to another one. */
  void tick() {
    if (arrivals.draining()) {
      new ArrayList<>(open)
          .forEach(session -> session.leave(SocketSession.GOING_AWAY, Code.NODE_DRAINING.text()));
    }
  }

  void open(HttpServerRequest request, Endpoint endpoint) {
    String id = arrivals.newId();
    HttpChannel client = arrivals.channel(request, id, endpoint);
    Asked asked = Asked.ofSocket(endpoint, request);
    Arrived arrived = Arrivals.withoutBody(asked, id, client);
    Refusal full = arrivals.admitMore();
    if (full != null) {
      arrivals.refuse(arrived, full);
      return;
    }
    arrivals
        .govern(request, arrived)
        .compose(governed -> upgrade(request, arrived))
        .onFailure(failure -> arrivals.refuse(arrived, failure));
  }

  private Future<ServerWebSocket> upgrade(HttpServerRequest request, Arrived arrived) {
    if (!SocketHandshake.isWhole(request)) {
      arrived.trace().deny(Arrivals.STEP, Code.INVALID_REQUEST.text());
      SocketHandshake.nameVersion(request.response());
      return Future.failedFuture(SocketHandshake.refusal().toException());
    }
    if (SocketOrigin.isForeign(request)) {
      arrived.trace().deny(Arrivals.STEP, Code.ORIGIN_NOT_ALLOWED.text());
      return Future.failedFuture(
          Refusal.of(
                  Code.ORIGIN_NOT_ALLOWED,
                  "Pages of another host may not open a WebSocket here; open it from a server.")
              .toException());
    }
    return request
        .toWebSocket()
        .onSuccess(socket -> {
          clients.upgraded(request.connection());
          serve(socket, arrived.asked());
        });
  }

  private void serve(ServerWebSocket socket, Asked asked) {
    if (asked.endpoint() == Endpoint.RESPONSES_SOCKET) {
      ResponseLanes lanes = new ResponseLanes(responses, limits.maxBodyBytes());
      SocketSession session = session(socket, lanes::close);
      socket.textMessageHandler(message -> take(session, lanes, asked, Buffer.buffer(message)));
    } else {
      SocketSession session = session(socket, () -> {});
      socket.textMessageHandler(message -> {
        Buffer body = Buffer.buffer(message);
        start(session, asked, new ChatFrames(body), body);
      });
    }
    socket.binaryMessageHandler(message -> socket.close(UNSUPPORTED_DATA, "text frames only"));
  }

  private SocketSession session(ServerWebSocket socket, Runnable onLeft) {
    SocketSession[] session = new SocketSession[1];
    session[0] =
        new SocketSession(
            vertx,
            socket,
            limits,
            () -> {
              open.remove(session[0]);
              onLeft.run();
            });
    open.add(session[0]);
    return session[0];
  }

  private void take(SocketSession session, ResponseLanes lanes, Asked asked, Buffer message) {
    switch (lanes.take(message)) {
      case ResponseLanes.Asked.Response(var frames, Buffer body) ->
          start(session, asked, frames, body);
      case ResponseLanes.Asked.Intake(var frames, Buffer body) ->
          arrive(session, asked, frames, body).ifPresent(this::takeIn);
      case ResponseLanes.Asked.Nothing(var frames, Refusal refusal) ->
          arrive(session, asked, frames, message).ifPresent(arrived -> refuse(arrived, refusal));
      case ResponseLanes.Asked.Steering(String failure) -> session.send(failure);
    }
  }

  private void start(SocketSession session, Asked asked, SocketFrames frames, Buffer body) {
    arrive(session, asked, frames, body).ifPresent(arrivals::run);
  }

  /** One message; empty where there is no room for it, which its client has been told. */
  private Optional<Arrived> arrive(
      SocketSession session, Asked asked, SocketFrames frames, Buffer body) {
    Optional<Refusal> full = session.full();
    String id = arrivals.newId();
    Arrived arrived =
        new Arrived(id, Instant.now(), session.open(id, frames), asked, body, new ExchangeTrace());
    Refusal refused = full.orElseGet(arrivals::admitMore);
    if (refused == null) {
      return Optional.of(arrived);
    }
    arrivals.refuse(arrived, refused);
    return Optional.empty();
  }

  /** Refuses what cannot be read, under the name of whoever has sent it. */
  private void refuse(Arrived arrived, Refusal refusal) {
    arrivals
        .govern(arrived)
        .onSuccess(known -> arrivals.refuse(arrived, refusal))
        .onFailure(failure -> arrivals.refuse(arrived, failure));
  }

  private void takeIn(Arrived arrived) {
    arrivals
        .govern(arrived)
        .map(governed -> Intake.of(arrived, governed))
        .onSuccess(intake -> {
          arrivals.answered(arrived);
          intake.tell(arrived.client());
        })
        .onFailure(failure -> arrivals.refuse(arrived, failure));
  }
}
