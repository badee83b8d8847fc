package dev.penstock.providersim.edge;

import dev.penstock.providersim.refuse.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request body, but no more than {@value #MOST_BYTES} bytes of it. */
final class BodyCollector {
  static final int MOST_BYTES = 32 << 20;

  private BodyCollector() {}

  /** Fails with a {@link Rejection} if the body is too large; never completes if it is cut off. */
  static Future<Buffer> collect(HttpServerRequest request) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(part -> {
      if (body.length() + part.length() <= MOST_BYTES) {
        body.appendBuffer(part);
        return;
      }
      request.response().putHeader("connection", "close");
      whole.tryFail(Rejection.tooLarge(MOST_BYTES));
    });
    request.endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }
}
