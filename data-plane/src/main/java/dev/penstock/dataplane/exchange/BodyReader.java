package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the bodies of requests into memory, within the limits of size and time. */
final class BodyReader {

  /** A larger body is taken into memory only once its sender is known. */
  private static final int MAX_STRANGERS_BODY_BYTES = 16 * 1024;

  private final Vertx vertx;
  private final Limits limits;
  private final UnreadableRequests unreadable;

  BodyReader(Vertx vertx, Limits limits, UnreadableRequests unreadable) {
    this.vertx = vertx;
    this.limits = limits;
    this.unreadable = unreadable;
  }

  /** Whether the body should stay where it is until its sender is known. */
  static boolean mayBeLarge(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    return length == null
        || length.length() > 9
        || Long.parseLong(length) > MAX_STRANGERS_BODY_BYTES;
  }

  /**
   * Gives the whole body or why there is none; exactly one of the two. The room of a whole body is
   * the receiver's to give back.
   */
  void read(
      HttpServerRequest request,
      BodyRoom.Share room,
      Handler<Buffer> onBody,
      Handler<Refusal> onRefusal) {
    Buffer body = Buffer.buffer();
    boolean[] over = {false};
    String length = request.getHeader("content-length");
    if (length != null && length.length() > 9
        || length != null && Long.parseLong(length) > limits.maxBodyBytes()) {
      onRefusal.handle(tooLarge());
      return;
    }
    long timer =
        vertx.setTimer(
            limits.body().toMillis(),
            fired -> {
              over[0] = true;
              room.giveBack();
              onRefusal.handle(
                  Refusal.of(
                      Code.INVALID_REQUEST,
                      "The body did not arrive within %d s.".formatted(limits.body().toSeconds())));
            });
    request.handler(part -> {
      if (over[0]) {
        return;
      }
      Refusal refusal = admit(body.length(), part.length(), room);
      if (refusal != null) {
        over[0] = true;
        vertx.cancelTimer(timer);
        room.giveBack();
        onRefusal.handle(refusal);
        return;
      }
      body.appendBuffer(part);
    });
    request.exceptionHandler(failure -> {
      boolean late = over[0];
      over[0] = true;
      vertx.cancelTimer(timer);
      if (!late) {
        room.giveBack();
      }
      if (!late && isMalformed(failure)) {
        Refusal refusal =
            Refusal.of(Code.INVALID_REQUEST, "The body is not framed as the headers say.");
        onRefusal.handle(refusal); // records it; the channel takes the fault for a client that left
        unreadable.endInBody(request, refusal);
      }
    });
    request.endHandler(end -> {
      if (!over[0]) {
        over[0] = true;
        vertx.cancelTimer(timer);
        onBody.handle(body);
      }
    });
  }

  private @Nullable Refusal admit(int have, int more, BodyRoom.Share room) {
    if (have + more > limits.maxBodyBytes()) {
      return tooLarge();
    }
    return room.tryTake(more)
        ? null
        : Refusal.of(
            Code.OVERLOADED,
            "This gateway node holds as many request bodies as it may; try again shortly.");
  }

  /** Whether the client sent something that is no HTTP; else it has left. */
  private static boolean isMalformed(Throwable failure) {
    return !(failure instanceof HttpClosedException || failure instanceof IOException);
  }

  private Refusal tooLarge() {
    return Refusal.of(
        Code.REQUEST_TOO_LARGE,
        "The body is larger than the %d bytes that this gateway takes."
            .formatted(limits.maxBodyBytes()));
  }
}
