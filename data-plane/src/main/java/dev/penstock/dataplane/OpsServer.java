package dev.penstock.dataplane;

import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.telemetry.Keys;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

/**
 * The node's own port for whoever runs it: {@code /livez}, {@code /readyz}, {@code /metrics}. It
 * serves no traffic and is never exposed to clients.
 */
final class OpsServer {

  private final NodeParts parts;
  private final PrometheusMeterRegistry registry;

  OpsServer(NodeParts parts, Spool spool, PrometheusMeterRegistry registry) {
    this.parts = parts;
    this.registry = registry;
    registry.gauge(
        Keys.SNAPSHOT_REVISION,
        parts.snapshots(),
        snapshots -> {
          var snapshot = snapshots.get();
          return snapshot == null ? 0 : snapshot.revision();
        });
    registry.gauge(
        Keys.POLICY_AGE_SECONDS,
        parts.snapshots(),
        snapshots -> snapshots.freshness().age().toSeconds());
    registry.gauge(
        Keys.POLICY_STALE_TENANTS,
        parts.snapshots(),
        snapshots -> {
          var snapshot = snapshots.get();
          return snapshot == null ? 0 : parts.staleness().tenantsRefused(snapshot.content());
        });
    parts
        .tokens()
        .ifPresent(tokens ->
            registry.gauge(
                Keys.TOKEN_KEYS_AGE_SECONDS,
                tokens.keys(),
                keys -> keys.ageSeconds().stream().asDoubleStream().findAny().orElse(Double.NaN)));
    registry.gauge(Keys.SPOOL_BYTES, spool, open -> open.stats().usedBytes());
    registry.gauge(Keys.SPOOL_UNACKED, spool, open -> open.stats().unackedRecords());
    registry.gauge(Keys.HOLDS_OPEN, parts.leases(), leases -> leases.open());
  }

  Future<HttpServer> listen(Vertx vertx, String bindHost, int port) {
    return vertx.createHttpServer().requestHandler(this::handle).listen(port, bindHost);
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    switch (path == null ? "" : path) {
      case "/livez" -> answer(request, 200, "alive");
      case "/readyz" -> ready(request);
      case "/metrics" ->
          request
              .response()
              .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
              .end(registry.scrape());
      default -> answer(request, 404, "served here: /livez, /readyz, /metrics");
    }
  }

  private void ready(HttpServerRequest request) {
    if (parts.draining()) {
      answer(request, 503, "draining");
    } else if (!parts.snapshots().present()) {
      answer(request, 503, "no policy snapshot has arrived yet");
    } else {
      answer(request, 200, "ready");
    }
  }

  private static void answer(HttpServerRequest request, int status, String text) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "text/plain; charset=utf-8")
        .end(text + "\n");
  }
}
