package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.relay.HttpChannel;
import dev.penstock.dataplane.relay.websocket.SocketChannel;
import dev.penstock.dataplane.relay.websocket.SocketSession;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code arrive}, at the Vert.x edge: finds the path, applies the limits, gives the
 * exchange its id and hands it to the pipeline. One instance per event loop.
 */
public final class ExchangeHandler implements Handler<HttpServerRequest> {

  private static final String STEP = "arrive";
  private static final long RETRY_AFTER_MILLIS = 1_000;

  private final Vertx vertx;
  private final ExchangePipeline pipeline;
  private final Limits limits;
  private final ExchangeMetrics metrics;
  private final ClientConnections clients;
  private final BooleanSupplier draining;
  private final RequestIds ids;
  private final UnreadableRequests unreadable;
  private final BodyReader bodies;

  public ExchangeHandler(
      Vertx vertx,
      ExchangePipeline pipeline,
      Limits limits,
      ExchangeMetrics metrics,
      ClientConnections clients,
      BooleanSupplier draining,
      RandomGenerator random) {
    this.vertx = vertx;
    this.pipeline = pipeline;
    this.limits = limits;
    this.metrics = metrics;
    this.clients = clients;
    this.draining = draining;
    ids = new RequestIds(random);
    unreadable = new UnreadableRequests(vertx, metrics, ids);
    bodies = new BodyReader(vertx, limits, unreadable);
  }

  /** What answers requests that cannot even be read. */
  public Handler<HttpServerRequest> unreadable() {
    return unreadable;
  }

  @Override
  public void handle(HttpServerRequest request) {
    clients.asked(request);
    String path = request.path() == null ? "" : request.path();
    if (request.method() == HttpMethod.POST) {
      Endpoint.at(path)
          .ifPresentOrElse(endpoint -> ask(request, endpoint), () -> nothingHere(request));
    } else if (request.method() != HttpMethod.GET) {
      nothingHere(request);
    } else if (Endpoint.CHAT_SOCKET.path().equals(path) && isUpgrade(request)) {
      upgrade(request);
    } else {
      ModelQuestion.in(request)
          .ifPresentOrElse(question -> models(request, question), () -> nothingHere(request));
    }
  }

  private static boolean isUpgrade(HttpServerRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader("upgrade"));
  }

  private void ask(HttpServerRequest request, Endpoint endpoint) {
    ExchangeTrace trace = new ExchangeTrace();
    String id = newId();
    HttpChannel client = channel(request, id, endpoint);
    Asked asked = Asked.of(endpoint, request);
    Function<Buffer, Arrived> arrived =
        body -> new Arrived(id, Instant.now(), client, asked, body, trace);
    Refusal refused = admitMore();
    if (refused == null) {
      refused = asked.anthropic().check();
    }
    if (refused != null) {
      refuse(arrived.apply(Buffer.buffer()), refused);
      return;
    }
    if (BodyReader.mayBeLarge(request)) {
      Arrived early = withoutBody(asked, id, client); // with a trace of its own
      govern(request, early)
          .onSuccess(known -> readBody(request, arrived))
          .onFailure(failure -> refuse(early, failure));
    } else {
      readBody(request, arrived);
    }
  }

  /**
   * Who asks, and by which rules. A token may have to wait for a key; what the client sends
   * meanwhile must still be there for whoever reads it then.
   */
  private Future<Governed> govern(HttpServerRequest request, Arrived arrived) {
    Future<Governed> governed = pipeline.govern(arrived);
    if (governed.isComplete()) {
      return governed;
    }
    request.pause();
    return governed.onComplete(known -> vertx.runOnContext(afterwards -> request.resume()));
  }

  private void readBody(HttpServerRequest request, Function<Buffer, Arrived> arrived) {
    bodies.read(
        request,
        body -> run(arrived.apply(body)).onComplete(ended -> clients.ended(request)),
        refusal -> refuse(arrived.apply(Buffer.buffer()), refusal));
  }

  /** The node's own limits, before anything is read; null where there is room. */
  private @Nullable Refusal admitMore() {
    if (draining.getAsBoolean()) {
      return Refusal.retryable(
          Code.NODE_DRAINING,
          "This gateway node is being stopped; send the request again.",
          RETRY_AFTER_MILLIS);
    }
    return metrics.running() < limits.maxExchanges()
        ? null
        : Refusal.retryable(
            Code.OVERLOADED,
            "This gateway node runs as many exchanges as it may; try again shortly.",
            RETRY_AFTER_MILLIS);
  }

  private Future<Ending> run(Arrived arrived) {
    arrived.trace().pass(STEP, arrived.body().length() + " bytes");
    metrics.started();
    return pipeline.run(arrived).onComplete(ended -> metrics.left());
  }

  /** Ends an exchange that never enters the pipeline; it is recorded like any other. */
  private void refuse(Arrived arrived, Refusal refusal) {
    arrived.trace().deny(STEP, refusal.code().text());
    refuse(arrived, refusal.toException());
  }

  private void refuse(Arrived arrived, Throwable failure) {
    pipeline.journal().record(arrived, null, failure).onSuccess(ending -> ending.tell(arrived));
  }

  private void nothingHere(HttpServerRequest request) {
    String id = newId();
    Endpoint like = Endpoint.like(request);
    HttpChannel client = channel(request, id, like);
    refuse(
        withoutBody(Asked.of(like, request), id, client),
        Refusal.of(
            Code.NOT_FOUND,
            "Nothing is served at this path and method; use POST at one of %s, or GET /v1/models."
                .formatted(Endpoint.paths())));
  }

  private void models(HttpServerRequest request, ModelQuestion question) {
    String id = newId();
    HttpChannel client = channel(request, id, question.like());
    Arrived arrived = withoutBody(Asked.of(question.like(), request), id, client);
    pipeline
        .govern(arrived)
        .map(question::answer)
        .onSuccess(json -> {
          pipeline.journal().answered(arrived);
          client.answer(200, json);
        })
        .onFailure(failure -> refuse(arrived, failure));
  }

  private void upgrade(HttpServerRequest request) {
    String id = newId();
    HttpChannel client = channel(request, id, Endpoint.CHAT_SOCKET);
    Arrived arrived = withoutBody(Asked.of(Endpoint.CHAT_SOCKET, request), id, client);
    Refusal full = admitMore();
    if (full != null) {
      refuse(arrived, full);
      return;
    }
    govern(request, arrived)
        .compose(governed -> open(request, arrived))
        .onFailure(failure -> refuse(arrived, failure));
  }

  private Future<ServerWebSocket> open(HttpServerRequest request, Arrived arrived) {
    if (!SocketHandshake.isWhole(request)) {
      arrived.trace().deny(STEP, Code.INVALID_REQUEST.text());
      SocketHandshake.nameVersion(request.response());
      return Future.failedFuture(SocketHandshake.refusal().toException());
    }
    if (SocketOrigin.isForeign(request)) {
      arrived.trace().deny(STEP, Code.ORIGIN_NOT_ALLOWED.text());
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
    SocketSession session = new SocketSession(vertx, socket, limits);
    socket.textMessageHandler(message -> {
      ExchangeTrace trace = new ExchangeTrace();
      boolean room = session.hasRoom();
      String id = newId();
      Buffer body = Buffer.buffer(message);
      SocketChannel channel = session.open(id, body);
      Arrived arrived = new Arrived(id, Instant.now(), channel, asked, body, trace);
      Refusal full = room ? admitMore() : tooMany();
      if (full != null) {
        refuse(arrived, full);
      } else {
        run(arrived);
      }
    });
    socket.binaryMessageHandler(
        message -> socket.close((short) 1003, "text frames only")); // RFC 6455: unsupported data
  }

  private Refusal tooMany() {
    return Refusal.retryable(
        Code.CONCURRENCY_LIMIT_EXCEEDED,
        "At most %d exchanges may run on one WebSocket; wait for one to end."
            .formatted(limits.maxExchangesPerSocket()),
        RETRY_AFTER_MILLIS);
  }

  private String newId() {
    return ids.next(System.currentTimeMillis());
  }

  private HttpChannel channel(HttpServerRequest request, String id, Endpoint endpoint) {
    return new HttpChannel(vertx, request, id, limits.writeQueueBytes(), endpoint.errors());
  }

  private static Arrived withoutBody(Asked asked, String id, ClientChannel client) {
    return new Arrived(id, Instant.now(), client, asked, Buffer.buffer(), new ExchangeTrace());
  }
}
