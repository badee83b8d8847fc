package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.dataplane.telemetry.ExchangeMetrics.Unreadable;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is not a request in HTTP's own terms, in the dialect of its path as far as that can
 * be read. Nobody can be charged or asked for it, so it is counted and has no record. One instance
 * per event loop.
 */
final class UnreadableRequests implements Handler<HttpServerRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableRequests.class);

  /** Time for the answer to be read; the codec throws away what still comes meanwhile. */
  private static final long LINGER_MILLIS = 1_000;

  /** Who has no key may send any number of these, and must not be able to fill the log. */
  private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String REQUEST_ID = "x-penstock-request-id";

  private final Vertx vertx;
  private final ExchangeMetrics metrics;
  private final RequestIds ids;
  private long nextLogNanos = System.nanoTime();

  UnreadableRequests(Vertx vertx, ExchangeMetrics metrics, RequestIds ids) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.ids = ids;
  }

  @Override
  public void handle(HttpServerRequest request) {
    Unreadable reason = reason(request.decoderResult().cause());
    String id = ids.next(System.currentTimeMillis());
    metrics.unreadable(reason);
    log(id, reason);
    request.response().putHeader(REQUEST_ID, id);
    write(request, id, refusal(reason), status(reason));
    // Ending the response would close the connection at once, and with it take the answer from a
    // client that is still sending. It is complete by its length; a client that has read it closes.
    long timer = vertx.setTimer(LINGER_MILLIS, fired -> request.connection().close());
    request.response().closeHandler(closed -> vertx.cancelTimer(timer));
  }

  private void log(String id, Unreadable reason) {
    long now = System.nanoTime();
    if (now - nextLogNanos >= 0) {
      nextLogNanos = now + LOG_NANOS;
      // The codec's own message may quote the request, which may hold a key.
      LOG.info("request {} cannot be read: {}", id, reason);
    }
  }

  /** Answers a request whose body turns out to be none; Vert.x closes the connection then. */
  void endInBody(HttpServerRequest request, Refusal refusal) {
    metrics.unreadable(Unreadable.MALFORMED);
    if (!request.response().headWritten()) {
      String id = Objects.requireNonNull(request.response().headers().get(REQUEST_ID), REQUEST_ID);
      write(request, id, refusal, refusal.code().status());
    }
  }

  private static void write(HttpServerRequest request, String id, Refusal refusal, int status) {
    ErrorShape shape = Endpoint.like(request).errors();
    Buffer body = shape.body(refusal, id);
    shape.requestIdHeaders().forEach(name -> request.response().putHeader(name, id));
    request
        .response()
        .setStatusCode(status)
        .putHeader("x-penstock-error-code", refusal.code().text())
        .putHeader("x-should-retry", "false")
        .putHeader("content-type", "application/json")
        .putHeader("content-length", String.valueOf(body.length()))
        .putHeader("connection", "close")
        .write(body);
  }

  private static Unreadable reason(@Nullable Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Unreadable.LINE_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? Unreadable.HEADERS_TOO_LARGE
        : Unreadable.MALFORMED;
  }

  /** HTTP has a status of its own for each; the code tells no more than that it is too much. */
  private static int status(Unreadable reason) {
    return switch (reason) {
      case LINE_TOO_LONG -> 414;
      case HEADERS_TOO_LARGE -> 431;
      case MALFORMED -> 400;
    };
  }

  private static Refusal refusal(Unreadable reason) {
    return switch (reason) {
      case LINE_TOO_LONG -> Refusal.of(Code.REQUEST_TOO_LARGE, "The request line is too long.");
      case HEADERS_TOO_LARGE ->
          Refusal.of(Code.REQUEST_TOO_LARGE, "The request's headers are too large.");
      case MALFORMED -> Refusal.of(Code.INVALID_REQUEST, "This is not a valid HTTP request.");
    };
  }
}
