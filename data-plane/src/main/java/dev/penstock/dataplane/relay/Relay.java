package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.exchange.EndCause;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Opened;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.upstream.ProviderAnswer.Streaming;
import dev.penstock.dataplane.upstream.ProviderAnswer.Whole;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The step {@code relay}: a stream goes through a {@link TokenRelay}, a whole body in one piece.
 */
public final class Relay {

  private static final String STEP = "relay";
  private static final int STATUS_OK = 200;

  private final Limits limits;
  private final Journal journal;
  private final RunningStreams running;
  private final EventScanner events;
  private final Map<Endpoint, StreamScan> scans = new EnumMap<>(Endpoint.class);

  public Relay(Limits limits, Journal journal, RunningStreams running) {
    this.limits = limits;
    this.journal = journal;
    this.running = running;
    events = new EventScanner(limits.maxEventBytes());
  }

  public Future<Delivered> relay(Opened opened) {
    return switch (opened.answer()) {
      case Streaming streaming -> new TokenRelay(opened, streaming.stream(), this).start();
      case Whole whole -> relayWhole(opened, whole);
    };
  }

  Limits limits() {
    return limits;
  }

  Journal journal() {
    return journal;
  }

  RunningStreams running() {
    return running;
  }

  /** What the streams of this event loop look at their events with, one after the other. */
  EventScanner events() {
    return events;
  }

  StreamScan scan(Endpoint endpoint) {
    return scans.computeIfAbsent(endpoint, Endpoint::newScan);
  }

  private Future<Delivered> relayWhole(Opened opened, Whole whole) {
    byte[] bytes = whole.body().getBytes();
    StreamScan chunk = scan(opened.funded().arrived().asked().endpoint());
    chunk.scanWhole(bytes, 0, bytes.length);
    if (whole.status() != STATUS_OK) {
      return providerRefused(opened, whole, chunk.wellFormed() && chunk.error());
    }
    ExchangeTrace trace = opened.funded().arrived().trace();
    TokenMeter meter = new TokenMeter(opened.funded().request().bytes());
    if (!chunk.wellFormed()) {
      trace.deny(STEP, "malformed answer");
      return Future.failedFuture(
          Refusal.of(Code.UPSTREAM_ERROR, "The provider's answer is not JSON; try again later.")
              .toException());
    }
    trace.firstTokenFromProvider();
    trace.firstTokenDelivered();
    trace.servedByLastAttempt();
    trace.pass(STEP, bytes.length + " bytes");
    meter.estimatedOutput(bytes.length);
    if (chunk.usage()) {
      chunk.tokens(bytes, null).ifPresent(meter::reported);
    }
    return Future.succeededFuture(
        new Delivered(
            opened.funded(),
            opened.candidate(),
            meter.usage(),
            EndCause.COMPLETED,
            STATUS_OK,
            Optional.empty(),
            () -> opened.funded().arrived().client().answer(STATUS_OK, whole.body())));
  }

  /**
   * The provider finds fault with the request. Its own words say best what, and they are in the
   * client's dialect already; without such words there is only ours.
   */
  private static Future<Delivered> providerRefused(
      Opened opened, Whole whole, boolean hasErrorObject) {
    var arrived = opened.funded().arrived();
    arrived.trace().deny(STEP, "provider answered " + whole.status());
    Refusal refusal =
        Refusal.of(
            Code.UPSTREAM_ERROR,
            "The provider refused the request (%d).".formatted(whole.status()));
    if (!hasErrorObject || whole.status() < 400) {
      return Future.failedFuture(refusal.toException());
    }
    return Future.succeededFuture(
        new Delivered(
            opened.funded(),
            opened.candidate(),
            Usage.NONE,
            EndCause.PROVIDER_REFUSED,
            whole.status(),
            Optional.of(refusal),
            () -> arrived.client().answer(whole.status(), whole.body())));
  }
}
