package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.relay.HttpChannel;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What exchanges begin with, however they come: the node's own limits, an id, and the way into the
 * pipeline or past it into the journal. One instance per event loop.
 */
final class Arrivals {

  static final String STEP = "arrive";

  private final Vertx vertx;
  private final ExchangePipeline pipeline;
  private final Limits limits;
  private final ExchangeMetrics metrics;
  private final BooleanSupplier draining;
  private final RequestIds ids;

  Arrivals(
      Vertx vertx,
      ExchangePipeline pipeline,
      Limits limits,
      ExchangeMetrics metrics,
      BooleanSupplier draining,
      RequestIds ids) {
    this.vertx = vertx;
    this.pipeline = pipeline;
    this.limits = limits;
    this.metrics = metrics;
    this.draining = draining;
    this.ids = ids;
  }

  String newId() {
    return ids.next(System.currentTimeMillis());
  }

  boolean draining() {
    return draining.getAsBoolean();
  }

  HttpChannel channel(HttpServerRequest request, String id, Endpoint endpoint) {
    return new HttpChannel(vertx, request, id, limits.writeQueueBytes(), endpoint.errors());
  }

  static Arrived withoutBody(Asked asked, String id, ClientChannel client) {
    return new Arrived(id, Instant.now(), client, asked, Buffer.buffer(), new ExchangeTrace());
  }

  /** The node's own limits, before anything is read; null where there is room. */
  @Nullable Refusal admitMore() {
    if (draining()) {
      return Refusal.of(
          Code.NODE_DRAINING, "This gateway node is being stopped; send the request again.");
    }
    return metrics.running() < limits.maxExchanges()
        ? null
        : Refusal.of(
            Code.OVERLOADED,
            "This gateway node runs as many exchanges as it may; try again shortly.");
  }

  /**
   * Who asks, and by which rules. A token may have to wait for a key; what the client sends
   * meanwhile must still be there for whoever reads it then.
   */
  Future<Governed> govern(HttpServerRequest request, Arrived arrived) {
    Future<Governed> governed = pipeline.govern(arrived);
    if (governed.isComplete()) {
      return governed;
    }
    request.pause();
    return governed.onComplete(known -> vertx.runOnContext(afterwards -> request.resume()));
  }

  Future<Governed> govern(Arrived arrived) {
    return pipeline.govern(arrived);
  }

  /** The limits of whoever asks, as JSON. */
  Future<Buffer> limits(Arrived arrived) {
    return pipeline
        .govern(arrived)
        .compose(governed ->
            pipeline.budgets().limits(governed, pipeline.admission().rateStandings(governed)));
  }

  Future<Ending> run(Arrived arrived) {
    arrived.trace().pass(STEP, arrived.body().length() + " bytes");
    metrics.started();
    return pipeline.run(arrived).onComplete(ended -> metrics.left());
  }

  /** An exchange has been answered without a provider. */
  void answered(Arrived arrived) {
    pipeline.journal().answered(arrived);
  }

  /** Ends an exchange that never enters the pipeline; it is recorded like any other. */
  void refuse(Arrived arrived, Refusal refusal) {
    arrived.trace().deny(STEP, refusal.code().text());
    refuse(arrived, refusal.toException());
  }

  void refuse(Arrived arrived, Throwable failure) {
    pipeline.journal().record(arrived, null, failure).onSuccess(ending -> ending.tell(arrived));
  }
}
