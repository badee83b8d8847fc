package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.Allowance;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP response: one JSON body, or a stream of server-sent events. */
public final class HttpChannel implements ClientChannel {

  private static final String REQUEST_ID = "x-penstock-request-id";
  private static final String ERROR_CODE = "x-penstock-error-code";
  private static final String CLAMPED = "x-penstock-clamped";
  private static final String DROPPED = "x-penstock-dropped";
  private static final String USAGE_SOURCE = "x-penstock-usage-source";
  private static final String PROVIDER_REQUEST_ID = "x-penstock-provider-request-id";
  private static final String JSON = "application/json";

  private static final long MAX_DISCARDED_BYTES = 64L << 20;
  private static final long DISCARD_MILLIS = 5_000;
  private static final long BREAK_MILLIS = 200;
  private static final long RESET_INTERNAL_ERROR = 2; // RFC 9113, section 7
  private static final long RESET_CANCEL = 8;
  private static final long RESET_NO_ERROR = 0;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ErrorShape errors;
  private @Nullable ChunkedBody body;
  private int unconfirmedWrites;
  private @Nullable Runnable goneHandler;
  private @Nullable Runnable drainHandler;
  private boolean gone;

  public HttpChannel(
      Vertx vertx,
      HttpServerRequest request,
      String requestId,
      int writeQueueBytes,
      ErrorShape errors) {
    this.vertx = vertx;
    this.errors = errors;
    this.request = request;
    response = request.response();
    response.putHeader(REQUEST_ID, requestId);
    errors.requestIdHeaders().forEach(name -> response.putHeader(name, requestId));
    response.setWriteQueueMaxSize(writeQueueBytes);
    // Which of these fires depends on how the client leaves (FIN, RST, in mid-write), so all do.
    response.closeHandler(closed -> left());
    response.exceptionHandler(failure -> left());
    response.drainHandler(drained -> onDrain());
  }

  private void left() {
    if (gone || response.ended()) {
      return;
    }
    gone = true;
    if (goneHandler != null) {
      goneHandler.run();
    }
  }

  private void onDrain() {
    if (drainHandler != null) {
      drainHandler.run();
    }
  }

  @Override
  public String transport(boolean stream) {
    return stream ? "sse" : "http";
  }

  @Override
  public void named(String clientIdAsJson) {
    // an HTTP exchange is named by its connection
  }

  @Override
  public boolean gone() {
    return gone;
  }

  @Override
  public void onGone(Runnable handler) {
    goneHandler = handler;
    if (gone) {
      handler.run();
    }
  }

  @Override
  public void beginStream() {
    if (gone) {
      return;
    }
    response
        .setStatusCode(200)
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache")
        .putHeader("x-accel-buffering", "no") // nginx in front would collect small events
        .setChunked(true);
  }

  @Override
  public void deliver(EventBatch batch) {
    if (gone) {
      return;
    }
    if (body != null) {
      body.write(batch);
      return;
    }
    // The head leaves with the first events. What follows is written below Vert.x, once it has
    // nothing of ours left to send.
    ByteBuf events = Unpooled.buffer(batch.keptBytes());
    batch.writeKept(events);
    writeFirst(events);
  }

  private void writeFirst(ByteBuf events) {
    unconfirmedWrites++;
    response
        .write(BufferInternal.buffer(events))
        .onComplete(written -> onHeadSent(), failure -> left());
  }

  private void onHeadSent() {
    if (--unconfirmedWrites == 0 && !gone && !response.ended()) {
      body = ChunkedBody.open(request, this::onDrain).orElse(null);
    }
  }

  @Override
  public void keepAlive() {
    if (gone) {
      return;
    }
    ByteBuf sign = ((BufferInternal) errors.keepAlive()).getByteBuf();
    if (body == null) {
      writeFirst(sign);
    } else {
      body.write(sign);
      body.flush();
    }
  }

  @Override
  public void flush() {
    if (body != null && !gone) {
      body.flush();
    }
  }

  @Override
  public boolean full() {
    return !gone && (body == null ? response.writeQueueFull() : body.full());
  }

  @Override
  public void onDrained(Runnable handler) {
    drainHandler = handler;
  }

  @Override
  public void endStream(Buffer terminal) {
    if (gone) {
      return;
    }
    closeBody();
    if (terminal.length() > 0) {
      response.end(terminal);
    } else {
      response.end();
    }
  }

  private void closeBody() {
    if (body != null) {
      body.close();
      body = null;
    }
  }

  /** A client that does not read cannot be told; its connection is closed. */
  @Override
  public void failStream(Refusal refusal, String requestId, Buffer events) {
    if (gone) {
      return;
    }
    if (full()) {
      gone = true;
      response.reset(RESET_CANCEL); // over HTTP/1.1 that closes the connection
      return;
    }
    closeBody();
    if (errors.breaksOff()) {
      breakOff(events);
      return;
    }
    response.end(events);
  }

  /**
   * A response that closes without its last chunk is incomplete to every client. First it has a
   * moment to read what was sent: some drop what they have not looked at when a connection breaks.
   */
  private void breakOff(Buffer events) {
    gone = true;
    response
        .write(events)
        .onComplete(
            sent -> vertx.setTimer(BREAK_MILLIS, fired -> response.reset(RESET_INTERNAL_ERROR)));
  }

  @Override
  public void allowance(Allowance allowance) {
    if (!response.headWritten()) {
      errors.limitHeaders(allowance).forEach(response::putHeader);
    }
  }

  @Override
  public void dropped(List<String> fields) {
    if (!fields.isEmpty() && !response.headWritten()) {
      response.putHeader(DROPPED, String.join(", ", fields));
    }
  }

  @Override
  public void clamped(long maxTokens) {
    if (!response.headWritten()) {
      response.putHeader(CLAMPED, Long.toString(maxTokens));
    }
  }

  @Override
  public void estimated() {
    if (!response.headWritten()) {
      response.putHeader(USAGE_SOURCE, "estimated");
    }
  }

  @Override
  public void providerRequestId(String id) {
    if (response.headWritten()) {
      return;
    }
    if (id.isEmpty()) {
      response.headers().remove(PROVIDER_REQUEST_ID); // another provider's
    } else {
      response.putHeader(PROVIDER_REQUEST_ID, id);
    }
  }

  @Override
  public void answer(int status, Buffer json) {
    if (gone) {
      return;
    }
    response.setStatusCode(status).putHeader("content-type", JSON);
    if (status >= 400) {
      response.putHeader("x-should-retry", "false");
      response.putHeader(ERROR_CODE, Refusal.Code.UPSTREAM_ERROR.text());
    }
    response.end(json);
  }

  @Override
  public void refuse(Refusal refusal, String requestId) {
    if (gone || response.ended()) {
      return;
    }
    if (response.headWritten()) {
      failStream(
          refusal,
          requestId,
          errors.events(refusal, requestId)); // a fault after the stream had begun
      return;
    }
    response
        .setStatusCode(errors.status(refusal.code()))
        .putHeader("content-type", JSON)
        .putHeader(ERROR_CODE, refusal.code().text())
        .putHeader("x-should-retry", String.valueOf(refusal.code().worthRetrying()));
    refusal
        .retryAfterMillis()
        .ifPresent(millis ->
            response
                .putHeader("retry-after", String.valueOf(Math.ceilDiv(millis, 1000L)))
                .putHeader("retry-after-ms", String.valueOf(millis)));
    if (request.isEnded()) {
      response.end(errors.body(refusal, requestId));
      return;
    }
    if (request.version() == HttpVersion.HTTP_2) {
      // Other exchanges share the connection; only this stream goes.
      response
          .end(errors.body(refusal, requestId))
          .onComplete(told -> response.reset(RESET_NO_ERROR));
      return;
    }
    response.putHeader("connection", "close");
    response.end(errors.body(refusal, requestId));
    discardRest();
  }

  /**
   * A client that is still sending reads its answer only afterwards, and a connection closed in its
   * face would take the answer with it. So what is left of the body is read and thrown away, for a
   * while and up to a limit.
   */
  private void discardRest() {
    long[] left = {MAX_DISCARDED_BYTES};
    request.handler(part -> {
      left[0] -= part.length();
      if (left[0] < 0) {
        request.connection().close();
      }
    });
    request.endHandler(end -> request.connection().close());
    long timer = vertx.setTimer(DISCARD_MILLIS, fired -> request.connection().close());
    request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
  }
}
