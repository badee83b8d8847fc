package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.relay.HttpChannel;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The step {@code arrive}, at the Vert.x edge: finds the path, applies the limits, gives the
 * exchange its id and hands it to the pipeline. One instance per event loop.
 */
public final class ExchangeHandler implements Handler<HttpServerRequest> {

  private static final String LIMITS = "/v1/penstock/limits";

  private final Arrivals arrivals;
  private final ClientConnections clients;
  private final UnreadableRequests unreadable;
  private final BodyReader bodies;
  private final BodyRoom room;
  private final SocketDoor sockets;

  public ExchangeHandler(
      Vertx vertx,
      ExchangePipeline pipeline,
      Limits limits,
      BodyRoom room,
      ExchangeMetrics metrics,
      ClientConnections clients,
      BooleanSupplier draining,
      RandomGenerator random) {
    this.clients = clients;
    RequestIds ids = new RequestIds(random);
    arrivals = new Arrivals(vertx, pipeline, limits, metrics, draining, ids);
    unreadable = new UnreadableRequests(vertx, metrics, ids);
    this.room = room;
    bodies = new BodyReader(vertx, limits, unreadable);
    sockets = new SocketDoor(vertx, arrivals, limits, clients);
  }

  /** What answers requests that cannot even be read. */
  public Handler<HttpServerRequest> unreadable() {
    return unreadable;
  }

  /** Called once a second. */
  public void tick() {
    sockets.tick();
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
    } else if (SocketDoor.isUpgrade(request) && Endpoint.socketAt(path).isPresent()) {
      sockets.open(request, Endpoint.socketAt(path).get());
    } else if (path.equals(LIMITS)) {
      answer(request, Endpoint.like(request), arrivals::limits);
    } else {
      ModelQuestion.in(request)
          .ifPresentOrElse(question -> models(request, question), () -> nothingHere(request));
    }
  }

  private void ask(HttpServerRequest request, Endpoint endpoint) {
    ExchangeTrace trace = new ExchangeTrace();
    String id = arrivals.newId();
    HttpChannel client = arrivals.channel(request, id, endpoint);
    Asked asked = Asked.of(endpoint, request);
    Function<Buffer, Arrived> arrived =
        body -> new Arrived(id, Instant.now(), client, asked, body, trace);
    Refusal refused = arrivals.admitMore();
    if (refused == null) {
      refused = asked.anthropic().check();
    }
    if (refused != null) {
      arrivals.refuse(arrived.apply(Buffer.buffer()), refused);
      return;
    }
    if (BodyReader.mayBeLarge(request)) {
      Arrived early = Arrivals.withoutBody(asked, id, client); // with a trace of its own
      arrivals
          .govern(request, early)
          .onSuccess(known -> readBody(request, arrived))
          .onFailure(failure -> arrivals.refuse(early, failure));
    } else {
      readBody(request, arrived);
    }
  }

  private void readBody(HttpServerRequest request, Function<Buffer, Arrived> arrived) {
    BodyRoom.Share share = room.share();
    bodies.read(
        request,
        share,
        body ->
            arrivals
                .run(arrived.apply(body))
                .onComplete(ended -> {
                  share.giveBack();
                  clients.ended(request);
                }),
        refusal -> arrivals.refuse(arrived.apply(Buffer.buffer()), refusal));
  }

  private void nothingHere(HttpServerRequest request) {
    String id = arrivals.newId();
    Endpoint like = Endpoint.like(request);
    HttpChannel client = arrivals.channel(request, id, like);
    arrivals.refuse(
        Arrivals.withoutBody(Asked.of(like, request), id, client),
        Refusal.of(
            Code.NOT_FOUND,
            "Nothing is served at this path and method; use POST at one of %s, or GET /v1/models."
                .formatted(Endpoint.paths())));
  }

  private void models(HttpServerRequest request, ModelQuestion question) {
    answer(request, question.like(), arrived -> arrivals.govern(arrived).map(question::answer));
  }

  /** Answers what needs no provider; it is recorded like any other. */
  private void answer(
      HttpServerRequest request, Endpoint like, Function<Arrived, Future<Buffer>> answer) {
    String id = arrivals.newId();
    HttpChannel client = arrivals.channel(request, id, like);
    Arrived arrived = Arrivals.withoutBody(Asked.of(like, request), id, client);
    answer
        .apply(arrived)
        .onSuccess(json -> {
          arrivals.answered(arrived);
          client.answer(200, json);
        })
        .onFailure(failure -> arrivals.refuse(arrived, failure));
  }
}
