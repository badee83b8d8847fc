package dev.penstock.dataplane.ratelimit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** An exchange that waits for an answer about its limit's share; it ends once, on its context. */
final class GrantWaiter {

  private final Context context;
  private final Promise<Void> promise = Promise.promise();

  GrantWaiter(Context context) {
    this.context = context;
  }

  /** Ends when it is woken, or after a while. */
  Future<Void> await(long millis) {
    long timer = context.owner().setTimer(millis, fired -> promise.tryComplete());
    return promise.future().onComplete(ended -> context.owner().cancelTimer(timer));
  }

  void wake() {
    context.runOnContext(nothing -> promise.tryComplete());
  }
}
