package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.exchange.Stage.Screened;
import io.vertx.core.Future;

/**
 * The step {@code screen}. No policy of this build can name a guard: the control plane refuses to
 * store one, and a node refuses a snapshot that requires one. So there is nothing to look for, and
 * the record says that nothing was.
 */
public final class InputGuard {

  public Future<Screened> screen(Admitted admitted) {
    admitted.governed().identified().arrived().trace().pass("screen", "no guards apply");
    return Future.succeededFuture(new Screened(admitted));
  }
}
