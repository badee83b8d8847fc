package dev.penstock.providersim.play;

import dev.penstock.providersim.invoice.CallEntry;
import dev.penstock.providersim.invoice.Outcome;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The client's end of one call: counts what goes out, and notices once when the client leaves.
 *
 * <p>Confined to the connection's event loop. A client's leaving shows up in different places: a
 * FIN calls the response's close handler, an RST in mid-stream may call only the exception handler,
 * and one that comes while a write is queued may only fail that write. All three lead to {@link
 * #onGone}; whichever is first counts.
 */
public final class Wire {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final CallEntry entry;
  private final String requestId = "req_" + UUID.randomUUID().toString().replace("-", "");
  private Future<Void> lastWrite = Future.succeededFuture();
  private boolean over;

  public Wire(HttpServerRequest request, CallEntry entry) {
    this.request = request;
    this.response = request.response();
    this.entry = entry;
    request.exceptionHandler(broken -> onGone());
    response.exceptionHandler(broken -> onGone());
    response.closeHandler(closed -> onGone());
  }

  /** Whether there is nobody, or nothing, left to send. */
  public boolean isOver() {
    return over;
  }

  boolean isFull() {
    return response.writeQueueFull();
  }

  /** Calls back once; the handler is taken off first, since it would fire at every later drain. */
  void onDrain(Runnable resume) {
    response.drainHandler(drained -> {
      response.drainHandler(null);
      resume.run();
    });
  }

  /** Names and type of the answer; they leave with its first byte. */
  void head(int status, String contentType) {
    entry.status(status);
    response.setStatusCode(status);
    response.putHeader("content-type", contentType);
  }

  /** What answers and errors are named by. */
  public String requestId() {
    return requestId;
  }

  boolean isHeadSent() {
    return response.headWritten();
  }

  public void header(String name, String value) {
    response.putHeader(name, value);
  }

  void sendHead() {
    chunked();
    lastWrite = response.writeHead();
  }

  void write(Buffer bytes) {
    if (over || bytes.length() == 0) {
      return;
    }
    chunked();
    entry.sent(bytes.length());
    lastWrite = response.write(bytes);
    lastWrite.onFailure(broken -> onGone());
  }

  /** Ends an answer that was streamed. */
  void end(Outcome outcome) {
    if (over) {
      return;
    }
    finished(outcome);
    response.end();
  }

  /** Sends the one document of an answer and ends it. */
  public void answer(int status, String contentType, Buffer body, Outcome outcome) {
    if (over) {
      return;
    }
    if (!response.headWritten()) {
      head(status, contentType);
    }
    answer(body, outcome);
  }

  void answer(Buffer body, Outcome outcome) {
    if (over) {
      return;
    }
    entry.sent(body.length());
    finished(outcome);
    response.end(body);
  }

  /** FIN where the terminal HTTP chunk should be. */
  void close() {
    afterLastWrite(Outcome.CLOSED, Channel::close);
  }

  /** With a linger time of zero, closing sends RST instead of FIN. */
  void reset() {
    afterLastWrite(
        Outcome.RESET,
        channel -> {
          channel.config().setOption(ChannelOption.SO_LINGER, 0);
          channel.close();
        });
  }

  /**
   * Waits for what was written before, or an RST would throw it away while it is still queued here.
   * A client that reads nothing thus also delays the fault; a real provider's kernel does the same.
   */
  private void afterLastWrite(Outcome outcome, Consumer<Channel> ending) {
    lastWrite.onComplete(written -> {
      if (!over) {
        finished(outcome);
        ending.accept(channel());
      }
    });
  }

  private void chunked() {
    if (!response.headWritten()) {
      response.setChunked(true);
    }
  }

  private Channel channel() {
    return ((HttpServerConnection) request.connection()).channelHandlerContext().channel();
  }

  private void finished(Outcome outcome) {
    over = true;
    entry.end(outcome);
  }

  private void onGone() {
    if (!over) {
      over = true;
      entry.clientGone();
    }
  }
}
