package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.EndCause;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.ExchangeTrace.Unserved;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.journal.ExchangeRecord.Bill;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.meter.Usage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Books the attempts that did not serve and that their providers may charge for: each with what it
 * may have used, and on the platform. A tenant pays for one answer, whoever failed before it.
 */
final class UnservedAttempts {

  private final Estimates estimates;

  UnservedAttempts(Estimates estimates) {
    this.estimates = estimates;
  }

  /** Writes what each of them may cost into the trace; at once where there is none. */
  Future<Void> note(Funded funded, @Nullable Delivered delivered) {
    ExchangeTrace trace = funded.arrived().trace();
    if (trace.unserved().isEmpty()
        || funded.arrived().asked().endpoint() == Endpoint.COUNT_TOKENS) { // nobody charges for it
      return Future.succeededFuture();
    }
    boolean nodeStops = delivered != null && delivered.cause() == EndCause.DRAINED;
    List<Future<Void>> noted = new ArrayList<>();
    for (Unserved each : trace.unserved()) {
      noted.add(
          usage(each, funded.request(), nodeStops)
              .map(usage -> bill(each, usage.askedIn(funded.request().serviceTier())))
              .onSuccess(bill -> trace.attemptCosts(each.index(), bill))
              .mapEmpty());
    }
    return Future.join(noted).mapEmpty();
  }

  private Future<Usage> usage(Unserved attempt, ClientRequest request, boolean nodeStops) {
    return nodeStops
        ? Future.succeededFuture(
            Estimates.ofUnservedAtOnce(attempt.answerBytes(), request, attempt.asked()))
        : estimates.ofUnserved(attempt.answerBytes(), request, attempt.asked());
  }

  private static Bill bill(Unserved attempt, Usage usage) {
    return new Bill(
        usage.tokens(),
        usage.source(),
        attempt.asked().price().of(usage.tokens(), usage.serviceTier()));
  }
}
