package dev.penstock.dataplane.journal;

import dev.penstock.dataplane.budget.ExchangeHold;
import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.exchange.Ending;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.exchange.Stage.Routed;
import dev.penstock.dataplane.journal.ExchangeRecord.Charge;
import dev.penstock.dataplane.journal.ExchangeRecord.Outcome;
import dev.penstock.dataplane.journal.ExchangeRecord.Presumption;
import dev.penstock.dataplane.journal.ExchangeRecord.Timing;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.Rates;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happened into the spool: the hold before the call, the settled record after it, and
 * the record of every exchange that never held. It is the pipeline's end, where whatever went wrong
 * becomes a refusal or, as a fault of ours, a log line with a stack trace.
 */
public final class Journal {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** Callers that nobody knows may not fill the spool: theirs are dropped beyond half of it. */
  private static final double UNIDENTIFIED_SHARE = 0.5;

  private final Spool spool;
  private final ExchangeMetrics metrics;

  public Journal(Spool spool, ExchangeMetrics metrics) {
    this.spool = spool;
    this.metrics = metrics;
  }

  /** Writes a hold; false where the spool has no room for it and its settlement. */
  public boolean hold(Routed routed, ExchangeHold hold) {
    Arrived arrived = routed.arrived();
    int requestBytes = routed.admitted().request().bytes();
    long inputTokens = TokenMeter.estimateInput(requestBytes);
    // The dearest candidate: which one serves is not known yet, and recovery may not undercharge.
    long input = 0;
    long output = 0;
    for (var candidate : routed.candidates()) {
      Rates rates = candidate.price().rates(inputTokens);
      input = Math.max(input, rates.input().nanoUsdPerMillion());
      output = Math.max(output, rates.output().nanoUsdPerMillion());
    }
    ExchangeRecord soFar =
        record(arrived, Usage.NONE, NanoUsd.ZERO, Outcome.FAILED, "", 0, List.of());
    return spool.tryHold(
        new ExchangeRecord.OpenHold(
            soFar,
            hold.leases().leaseIds(),
            hold.amount(),
            new Presumption(inputTokens, input, output)));
  }

  /** Tells the spool how far a running stream has come. */
  public void progress(String requestId, long outputTokens) {
    spool.progress(requestId, outputTokens);
  }

  /**
   * Writes down what is held by now for a running stream, before it may cost more than was held;
   * false where the spool has no room for it.
   */
  public boolean extended(String requestId, long outputTokens, NanoUsd amount) {
    return spool.tryExtend(requestId, outputTokens, amount.value());
  }

  /**
   * Writes the settled record of an exchange that held; its room was reserved by the hold.
   *
   * @param paying the leases that are charged
   */
  public void settled(
      Funded funded,
      @Nullable Delivered delivered,
      @Nullable Throwable failure,
      Usage usage,
      NanoUsd cost,
      List<String> paying) {
    Arrived arrived = funded.arrived();
    List<Charge> charges = paying.stream().map(leaseId -> new Charge(leaseId, cost)).toList();
    ExchangeTrace trace = arrived.trace();
    trace.pass("settle", cost.toString());
    if (delivered == null) {
      trace.markRecorded();
      spool.settle(ofFailure(arrived, failure, usage, cost, charges));
      return;
    }
    Outcome outcome = delivered.cause().outcome();
    String code = delivered.refusal().map(refusal -> refusal.code().text()).orElse("");
    trace.markRecorded();
    spool.settle(record(arrived, usage, cost, outcome, code, delivered.status(), charges));
    metrics.ended(outcome, code);
    metrics.firstToken(trace.ttftUpstreamMicros(), trace.ttftDeliveredMicros());
  }

  /** The pipeline's end: records what has not been recorded, and says what the client is told. */
  public Future<Ending> record(
      Arrived arrived, @Nullable Delivered delivered, @Nullable Throwable failure) {
    if (delivered != null) {
      return Future.succeededFuture(new Ending.Finish(delivered.finish()));
    }
    if (!arrived.trace().recorded()) {
      recordUnheld(arrived, ofFailure(arrived, failure, Usage.NONE, NanoUsd.ZERO, List.of()));
    }
    return Future.succeededFuture(
        failure instanceof ClientGoneException
            ? new Ending.Silence()
            : new Ending.Refuse(refusal(failure)));
  }

  /** Records an exchange that was answered without a provider, such as a list of models. */
  public void answered(Arrived arrived) {
    recordUnheld(
        arrived, record(arrived, Usage.NONE, NanoUsd.ZERO, Outcome.SERVED, "", 200, List.of()));
    metrics.ended(Outcome.SERVED, "");
  }

  private void recordUnheld(Arrived arrived, ExchangeRecord exchange) {
    arrived.trace().markRecorded();
    boolean identified = !exchange.caller().tenant().isEmpty();
    boolean room = identified || hasRoomForUnidentified();
    if (!room || !spool.tryRecord(exchange)) {
      metrics.recordDropped();
    }
  }

  private boolean hasRoomForUnidentified() {
    SpoolStats stats = spool.stats();
    return stats.unackedBytes() < stats.capBytes() * UNIDENTIFIED_SHARE;
  }

  private ExchangeRecord ofFailure(
      Arrived arrived,
      @Nullable Throwable failure,
      Usage usage,
      NanoUsd cost,
      List<Charge> charges) {
    if (failure instanceof ClientGoneException) {
      metrics.ended(Outcome.CANCELLED, "");
      return record(arrived, usage, cost, Outcome.CANCELLED, "", 499, charges);
    }
    Refusal refusal = refusal(failure);
    if (refusal.code() == Code.INTERNAL_ERROR) {
      LOG.error("fault in request {}", arrived.requestId(), failure);
    }
    Outcome outcome =
        switch (refusal.code().kind()) {
          case DENIED -> Outcome.DENIED;
          case FAILED -> Outcome.FAILED;
        };
    metrics.ended(outcome, refusal.code().text());
    int status = arrived.asked().endpoint().errors().status(refusal.code());
    return record(arrived, usage, cost, outcome, refusal.code().text(), status, charges);
  }

  private static Refusal refusal(@Nullable Throwable failure) {
    return failure instanceof RefusedException refused
        ? refused.refusal()
        : Refusal.of(
            Code.INTERNAL_ERROR,
            "The gateway failed; the request id leads the platform team to the cause.");
  }

  private static ExchangeRecord record(
      Arrived arrived,
      Usage usage,
      NanoUsd cost,
      Outcome outcome,
      String errorCode,
      int status,
      List<Charge> charges) {
    ExchangeTrace trace = arrived.trace();
    return new ExchangeRecord(
        arrived.requestId(),
        arrived.at(),
        trace.caller(),
        arrived.asked().endpoint().dialect().word(),
        arrived.client().transport(trace.stream()),
        trace.stream(),
        trace.modelAsked(),
        trace.model(),
        trace.target(),
        trace.policyRevision(),
        trace.decisions(),
        trace.attempts(),
        new Timing(trace.ttftUpstreamMicros(), trace.ttftDeliveredMicros(), trace.micros()),
        usage.tokens(),
        usage.source(),
        usage.serviceTier(),
        cost,
        outcome,
        errorCode,
        status,
        charges,
        false);
  }
}
