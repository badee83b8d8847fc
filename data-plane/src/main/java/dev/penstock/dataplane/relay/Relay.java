package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.budget.BudgetDesk;
import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.anthropic.CountAnswer;
import dev.penstock.dataplane.exchange.EndCause;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Opened;
import dev.penstock.dataplane.guard.AnswerGuard;
import dev.penstock.dataplane.guard.OutputGuard;
import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.translate.Translation;
import dev.penstock.dataplane.upstream.Drains;
import dev.penstock.dataplane.upstream.ProviderAnswer.Counted;
import dev.penstock.dataplane.upstream.ProviderAnswer.Streaming;
import dev.penstock.dataplane.upstream.ProviderAnswer.Whole;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The step {@code relay}: a stream goes through a {@link TokenRelay}, a whole body in one piece.
 */
public final class Relay {

  private static final String STEP = "relay";
  private static final int STATUS_OK = 200;
  private static final int STATUS_BAD_REQUEST = 400;
  private static final int STATUS_TOO_LARGE = 413;
  private static final int STATUS_CLIENT_GONE = 499; // nobody has got it; as proxies write it down

  private final Limits limits;
  private final Journal journal;
  private final RunningStreams running;
  private final Estimates estimates;
  private final Drains drains;
  private final BudgetDesk budgets;
  private final OutputGuard guards;
  private final EventScanner events;
  private final EventScanner written;
  private final Map<Endpoint, StreamScan> scans = new EnumMap<>(Endpoint.class);

  public Relay(
      Limits limits,
      Journal journal,
      RunningStreams running,
      Drains drains,
      Estimates estimates,
      BudgetDesk budgets,
      OutputGuard guards) {
    this.limits = limits;
    this.guards = guards;
    this.estimates = estimates;
    this.journal = journal;
    this.running = running;
    this.drains = drains;
    this.budgets = budgets;
    events = new EventScanner(limits.maxEventBytes());
    written = new EventScanner(limits.maxEventBytes());
  }

  public Future<Delivered> relay(Opened opened) {
    Optional<Translation> translation = opened.translation();
    translation.ifPresent(it ->
        opened.funded().arrived().client().dropped(it.dropped(opened.dialect(), opened.traits())));
    return switch (opened.answer()) {
      case Streaming streaming -> new TokenRelay(opened, streaming.stream(), this).start();
      case Whole whole when translation.isPresent() ->
          translateWhole(opened, whole, translation.get());
      case Whole whole -> relayWhole(opened, whole);
      case Counted(long tokens) -> counted(opened, tokens);
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

  Estimates estimates() {
    return estimates;
  }

  BudgetDesk budgets() {
    return budgets;
  }

  Drains drains() {
    return drains;
  }

  /** What the streams of this event loop look at their events with, one after the other. */
  EventScanner events() {
    return events;
  }

  /** How the events of a stream get from its provider's dialect into the client's. */
  Passage passage(Opened opened, TokenMeter meter) {
    Passage passage = unguarded(opened, meter);
    return guard(opened)
        .<Passage>map(guard ->
            new GuardedEvents(
                passage, guard, opened.funded().arrived().asked().endpoint().errors()))
        .orElse(passage);
  }

  private Optional<AnswerGuard> guard(Opened opened) {
    return guards.of(opened.funded().routed().admitted());
  }

  private Passage unguarded(Opened opened, TokenMeter meter) {
    var arrived = opened.funded().arrived();
    Endpoint endpoint = arrived.asked().endpoint();
    return opened
        .translation()
        .<Passage>map(translation ->
            new TranslatedEvents(
                translation.decoder(opened.dialect()),
                translation.encoder(arrived.requestId(), arrived.at()),
                meter,
                written))
        .orElseGet(() ->
            new KeptEvents(
                scan(endpoint),
                endpoint.errors(),
                meter,
                opened.funded().request().usageAsked(),
                opened.candidate().continuousUsage()
                    && !opened.funded().request().continuousUsageAsked(),
                () -> Codecs.of(opened.dialect()).fromProvider()));
  }

  private StreamScan scan(Endpoint endpoint) {
    return scans.computeIfAbsent(endpoint, Endpoint::newScan);
  }

  private Future<Delivered> relayWhole(Opened opened, Whole whole) {
    byte[] bytes = whole.body().getBytes();
    StreamScan chunk = scan(opened.funded().arrived().asked().endpoint());
    chunk.scanWhole(bytes, 0, bytes.length);
    if (whole.status() != STATUS_OK) {
      return providerRefused(opened, whole, bytes, chunk.wellFormed() && chunk.error());
    }
    if (!chunk.wellFormed()) {
      malformed(opened, bytes);
      return Future.failedFuture(
          Refusal.of(Code.UPSTREAM_ERROR, "The provider's answer is not JSON; try again later.")
              .toException());
    }
    TokenMeter meter = new TokenMeter();
    if (chunk.usage()) {
      chunk.tokens(bytes, null).ifPresent(meter::reported);
      meter.servedIn(chunk.serviceTier(bytes, 0, bytes.length));
    }
    return served(opened, meter, bytes, whole.body());
  }

  /** Nobody can use it; its provider will charge for it nevertheless. */
  private static void malformed(Opened opened, byte[] answer) {
    ExchangeTrace trace = opened.funded().arrived().trace();
    trace.deny(STEP, "malformed answer");
    trace.lastAttemptFailed("malformed");
    trace.lastAttemptMayCost(opened.candidate(), answer.length);
  }

  /** What the provider wrote is counted where it has not done so itself. */
  private Future<Delivered> served(
      Opened opened, TokenMeter meter, byte[] provided, Buffer answer) {
    ClientRequest request = opened.funded().request();
    Future<Usage> usage =
        meter.reported() == null
            ? estimates.ofWhole(provided, decoder(opened), request, opened.candidate())
            : estimates.of(meter, request, opened.candidate(), true);
    return usage.compose(used ->
        guard(opened)
            .map(guard -> guarded(opened, used, guard, answer))
            .orElseGet(() -> Future.succeededFuture(served(opened, used, answer))));
  }

  private Future<Delivered> guarded(Opened opened, Usage usage, AnswerGuard guard, Buffer answer) {
    return guards
        .whole(guard, answer)
        .map(passed ->
            guard
                .refusal()
                .map(refusal -> blocked(opened, usage, refusal))
                .orElseGet(() -> served(opened, usage, passed)));
  }

  /** The provider has written it, and charges for it; the client does not get it. */
  private static Delivered blocked(Opened opened, Usage usage, Refusal refusal) {
    var arrived = opened.funded().arrived();
    arrived.trace().firstTokenFromProvider();
    arrived.trace().servedByLastAttempt();
    arrived.trace().deny(STEP, refusal.code().text());
    return new Delivered(
        opened.funded(),
        opened.candidate(),
        usage,
        EndCause.GUARD_BLOCKED,
        arrived.asked().endpoint().errors().status(refusal.code()),
        Optional.of(refusal),
        () -> arrived.client().refuse(refusal, arrived.requestId()));
  }

  private static Optional<AnswerDecoder> decoder(Opened opened) {
    return opened.funded().arrived().asked().endpoint() == Endpoint.EMBEDDINGS
        ? Optional.empty() // numbers, and no text
        : Optional.of(Codecs.of(opened.dialect()).fromProvider());
  }

  private static Delivered served(Opened opened, Usage usage, Buffer answer) {
    var arrived = opened.funded().arrived();
    if (usage.source() != UsageSource.PROVIDER) {
      arrived.client().estimated();
    }
    ExchangeTrace trace = arrived.trace();
    trace.firstTokenFromProvider();
    trace.servedByLastAttempt();
    if (arrived.client().gone()) {
      return heardOut(opened, usage);
    }
    trace.firstTokenDelivered();
    trace.pass(STEP, answer.length() + " bytes");
    return answered(opened, usage, answer);
  }

  private static Future<Delivered> counted(Opened opened, long tokens) {
    opened.funded().arrived().client().estimated();
    return Future.succeededFuture(answered(opened, Usage.NONE, CountAnswer.of(tokens)));
  }

  private static Delivered answered(Opened opened, Usage usage, Buffer answer) {
    var arrived = opened.funded().arrived();
    return new Delivered(
        opened.funded(),
        opened.candidate(),
        usage,
        EndCause.COMPLETED,
        STATUS_OK,
        Optional.empty(),
        () -> arrived.client().answer(STATUS_OK, answer));
  }

  /** The client has left, and its provider was drained: what it charges is known all the same. */
  private static Delivered heardOut(Opened opened, Usage usage) {
    ExchangeTrace trace = opened.funded().arrived().trace();
    trace.lastAttemptFailed("cancelled");
    trace.deny(STEP, "client gone before the answer, which was read for its usage");
    return new Delivered(
        opened.funded(),
        opened.candidate(),
        usage,
        EndCause.CLIENT_GONE,
        STATUS_CLIENT_GONE,
        Optional.empty(),
        () -> {});
  }

  private Future<Delivered> translateWhole(Opened opened, Whole whole, Translation translation) {
    var arrived = opened.funded().arrived();
    byte[] bytes = whole.body().getBytes();
    AnswerDecoder decoder = translation.decoder(opened.dialect());
    if (whole.status() != STATUS_OK) {
      Buffer words =
          translation.providerError(decoder.error(whole.status(), bytes), arrived.requestId());
      return providerRefused(opened, whole.status(), statusOf(whole.status()), words);
    }
    TokenMeter meter = new TokenMeter();
    try {
      if (opened.funded().request().stream()) {
        throw new MalformedAnswer("whole in place of a stream");
      }
      Buffer answer =
          new TranslatedEvents(
                  decoder, translation.encoder(arrived.requestId(), arrived.at()), meter, written)
              .whole(bytes);
      return served(opened, meter, bytes, answer);
    } catch (MalformedAnswer malformed) {
      malformed(opened, bytes);
      return Future.failedFuture(
          Refusal.of(
                  Code.UPSTREAM_ERROR,
                  "The provider's answer is not what its dialect says; try again later.")
              .toException());
    }
  }

  /**
   * In another dialect a fault of the request is one of its fields, however the provider says it.
   */
  private static int statusOf(int status) {
    return status == STATUS_TOO_LARGE ? status : STATUS_BAD_REQUEST;
  }

  /**
   * The provider finds fault with the request. Its own words say best what, and they are in the
   * client's dialect already; what servers that are nearly compatible say instead, or a proxy's
   * page, is put into it.
   */
  private Future<Delivered> providerRefused(
      Opened opened, Whole whole, byte[] bytes, boolean hasErrorObject) {
    var arrived = opened.funded().arrived();
    if (hasErrorObject && arrived.asked().endpoint().errors().canRead(bytes)) {
      return providerRefused(opened, whole.status(), whole.status(), whole.body());
    }
    Codec codec = Codecs.of(opened.dialect());
    Buffer words =
        codec.providerError(codec.fromProvider().error(whole.status(), bytes), arrived.requestId());
    return providerRefused(opened, whole.status(), statusOf(whole.status()), words);
  }

  private static Refusal refused(int status) {
    return Refusal.of(
        Code.UPSTREAM_ERROR, "The provider refused the request (%d).".formatted(status));
  }

  /**
   * @param answered the provider's status
   * @param status the client's
   * @param words the provider's, in the client's dialect
   */
  private Future<Delivered> providerRefused(Opened opened, int answered, int status, Buffer words) {
    var arrived = opened.funded().arrived();
    Refusal refusal = refused(answered);
    if (answered < STATUS_BAD_REQUEST) {
      arrived.trace().deny(STEP, "provider answered " + answered);
      return Future.failedFuture(refusal.toException());
    }
    arrived.trace().deny(STEP, "provider answered " + answered);
    Buffer told = guard(opened).map(guard -> quoted(opened, guard, words, refusal)).orElse(words);
    return Future.succeededFuture(
        new Delivered(
            opened.funded(),
            opened.candidate(),
            Usage.NONE,
            EndCause.PROVIDER_REFUSED,
            status,
            Optional.of(refusal),
            () -> arrived.client().answer(status, told)));
  }

  /** A provider may quote what its model wrote. */
  private static Buffer quoted(Opened opened, AnswerGuard guard, Buffer words, Refusal otherwise) {
    var arrived = opened.funded().arrived();
    try {
      Buffer passed = guard.whole(words);
      guard.record();
      if (guard.refusal().isEmpty()) {
        return passed;
      }
    } catch (MalformedAnswer malformed) {
      arrived.trace().deny(STEP, "an error that is no JSON");
    }
    return arrived.asked().endpoint().errors().body(otherwise, arrived.requestId());
  }
}
