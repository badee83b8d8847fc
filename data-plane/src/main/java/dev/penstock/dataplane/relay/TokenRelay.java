package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.EndCause;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.exchange.Stage.Opened;
import dev.penstock.dataplane.guard.AnswerGuard;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.EventScanner.EventTooLarge;
import dev.penstock.dataplane.relay.sse.Unfinished;
import dev.penstock.dataplane.route.CallTerms;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.upstream.Drains;
import dev.penstock.dataplane.upstream.ProviderStream;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream from provider to client: {@code decode → meter → encode → guard output}, where for a
 * client of the provider's dialect decoding is finding the events, which keep their bytes; for
 * others {@link TranslatedEvents} does it. Guards look at what has been encoded, in {@link
 * GuardedEvents}.
 *
 * <p>Brakes: after each read the client is asked whether it is full; if so, the provider's response
 * is paused until it has drained. A client that leaves cancels the provider's call at once. The
 * terminal event is withheld: it is written by {@link Delivered#finish}, once the settlement stands
 * in the spool. Every stream ends once, in {@link #conclude}.
 */
final class TokenRelay implements ProviderStream.Reader, StreamMoney.Stream {

  private static final String STEP = "relay";
  private static final int PROGRESS_EVENTS = 256;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int STATUS_OK = 200;
  private static final int MAX_BYTES_AFTER_END = 64 * 1024;

  /** A provider that has said all and does not end its response is cut after so long. */
  private static final long MAX_NANOS_AFTER_END = TimeUnit.SECONDS.toNanos(5);

  private static final long MAX_HOLD_NANOS =
      TimeUnit.MILLISECONDS.toNanos(AnswerGuard.MAX_HOLD_MILLIS);

  private static final Logger LOG = LoggerFactory.getLogger(TokenRelay.class);

  private final Opened opened;
  private final Arrived arrived;
  private final ClientChannel client;
  private final ProviderStream provider;
  private final Limits limits;
  private final CallTerms terms;
  private final Journal journal;
  private final RunningStreams running;
  private final Drains drains;
  private final ExchangeTrace trace;
  private final EventScanner events;
  private final Unfinished unfinished = new Unfinished();
  private final TokenMeter meter;
  private final Estimates estimates;
  private final Passage passage;
  private final StreamMoney money;
  private final long startNanos = System.nanoTime();
  private final Promise<Delivered> delivered = Promise.promise();

  private boolean concluded;
  private boolean complete;
  private boolean nodeStops;
  private boolean providerEnded;
  private long concludedNanos;
  private boolean contentSeen;
  private boolean contentDelivered;
  private boolean begun;
  private boolean paused;
  private boolean unfunded;
  private long lastReadNanos = startNanos;
  private long lastWrittenNanos = startNanos;
  private long pausedNanos;
  private long progressNanos = startNanos;
  private long progressOutput;
  private int bytesAfterEnd;
  private long outputAtGone;

  TokenRelay(Opened opened, ProviderStream provider, Relay step) {
    this.opened = opened;
    this.arrived = opened.funded().arrived();
    this.client = arrived.client();
    this.provider = provider;
    limits = step.limits();
    terms = opened.funded().routed().admitted().terms();
    journal = step.journal();
    running = step.running();
    drains = step.drains();
    events = step.events();
    trace = arrived.trace();
    meter = new TokenMeter();
    estimates = step.estimates();
    if (opened.candidate().continuousUsage()) {
      meter.continuous();
    }
    passage = step.passage(opened, meter);
    money = new StreamMoney(step.budgets(), opened.funded(), meter, this);
  }

  Future<Delivered> start() {
    client.onGone(this::onClientGone);
    if (concluded) {
      return delivered.future();
    }
    client.beginStream();
    running.add(this);
    if (concluded) {
      return delivered.future(); // its key was revoked meanwhile
    }
    provider.readBy(this);
    if (!concluded && !paused && !unfunded) {
      provider.resume();
    }
    return delivered.future();
  }

  @Override
  public void onRead(ByteBuf read) {
    if (concluded) {
      onReadAfterEnd(read);
      return;
    }
    lastReadNanos = System.nanoTime();
    try {
      relay(passage.read(events.scan(unfinished, read)));
    } catch (EventTooLarge tooLarge) {
      end(EndCause.PROVIDER_ERROR, StreamFaults.eventTooLarge());
    } catch (RefusedException tooMuch) {
      end(EndCause.PROVIDER_ERROR, tooMuch.refusal());
    } catch (RuntimeException fault) {
      fault(fault);
    }
  }

  /** What several events wrote goes to the client in one piece. */
  @Override
  public void onReadComplete() {
    client.flush();
  }

  /** A fault of ours ends the stream at once: its provider must not go on unread and unmetered. */
  @Override
  public void fault(Throwable fault) {
    if (concluded) {
      return;
    }
    LOG.error("fault in the stream of request {}", arrived.requestId(), fault);
    end(EndCause.FAULT, StreamFaults.ours());
  }

  private void relay(Passage.State state) {
    if (meter.outputSoFar() > 0 && !contentSeen) {
      contentSeen = true;
      trace.firstTokenFromProvider();
    }
    deliver(passage.outgoing());
    if (concluded) {
      return; // the write found the client gone
    }
    switch (state) {
      case RUNNING -> {
        brake();
        money.onRead();
      }
      case ENDED -> complete(passage.terminal());
      case FAILED -> end(EndCause.PROVIDER_ERROR, StreamFaults.reported(passage.error().message()));
      case MALFORMED -> end(EndCause.PROVIDER_ERROR, StreamFaults.malformed());
      case BLOCKED -> endIfBlocked();
    }
  }

  /** What waited for more goes on without it. */
  private void letGo() {
    if (!concluded && trace.drain().isEmpty()) {
      deliver(passage.letGo());
      endIfBlocked();
    }
  }

  private void endIfBlocked() {
    passage.blocked().ifPresent(refusal -> end(EndCause.GUARD_BLOCKED, refusal));
  }

  private void deliver(EventBatch batch) {
    if (batch.kept() == 0 || trace.drain().isPresent()) {
      return;
    }
    client.deliver(batch);
    begun = true;
    lastWrittenNanos = lastReadNanos;
    if (contentSeen && !contentDelivered && passage.textLeft()) {
      contentDelivered = true;
      trace.firstTokenDelivered();
    }
    if (meter.outputSoFar() - progressOutput >= PROGRESS_EVENTS) {
      reportProgress(lastReadNanos);
    }
  }

  private void brake() {
    if (paused || !client.full()) {
      return;
    }
    paused = true;
    pausedNanos = lastReadNanos;
    provider.pause();
    client.onDrained(this::release);
  }

  private void release() {
    if (!paused || concluded) {
      return;
    }
    paused = false;
    goOn();
  }

  private void goOn() {
    if (paused || unfunded || concluded) {
      return;
    }
    lastReadNanos = System.nanoTime(); // the silence was not the provider's
    provider.resume();
  }

  @Override
  public void waitForMoney() {
    unfunded = true;
    provider.pause();
  }

  @Override
  public void goOnWithMoney() {
    unfunded = false;
    goOn();
  }

  @Override
  public void cutForMoney(Refusal refusal) {
    end(EndCause.BUDGET_EXHAUSTED, refusal);
  }

  private void complete(Buffer terminal) {
    complete = true;
    if (trace.drain().isPresent()) {
      leave();
    } else {
      trace.servedByLastAttempt();
      trace.pass(STEP, meter.outputSoFar() + " content events");
      conclude(EndCause.COMPLETED, Optional.empty(), () -> client.endStream(terminal));
    }
    // The provider's connection is good for another call once its response has ended.
    if (!providerEnded) {
      running.awaitEnd(this);
      provider.resume();
    }
  }

  private void onReadAfterEnd(ByteBuf read) {
    bytesAfterEnd += read.readableBytes();
    if (bytesAfterEnd > MAX_BYTES_AFTER_END) {
      provider.cancel();
    }
  }

  @Override
  public void onEnd() {
    providerEnded = true;
    if (concluded) {
      running.remove(this);
      return;
    }
    try {
      relay(passage.end(events.end(unfinished)));
    } catch (RefusedException tooMuch) {
      end(EndCause.PROVIDER_ERROR, tooMuch.refusal());
    } catch (RuntimeException fault) {
      fault(fault);
    }
    if (!concluded) {
      onCut();
    }
  }

  @Override
  public void onCut() {
    providerEnded = true;
    if (concluded) {
      running.remove(this);
      return;
    }
    end(EndCause.PROVIDER_CUT, StreamFaults.cut());
  }

  /** A provider that is to be drained goes on, unseen; it may be that already. */
  private void onClientGone() {
    if (concluded) {
      return;
    }
    outputAtGone = meter.outputSoFar();
    if (trace.drain().isEmpty()) {
      drains.begin(opened.candidate().provider()).ifPresent(trace::draining);
    }
    if (trace.drain().isPresent()) {
      release(); // whoever it was waiting for is gone
      return;
    }
    leave();
    provider.cancel();
  }

  /** Nobody is there any more to be told of an end. */
  private void leave() {
    trace.servedByLastAttempt();
    trace.lastAttemptFailed("cancelled");
    trace.deny(
        STEP,
        trace.drain().isPresent()
            ? "client gone after %d of %d content events"
                .formatted(outputAtGone, meter.outputSoFar())
            : "client gone after " + outputAtGone + " content events");
    conclude(EndCause.CLIENT_GONE, Optional.empty(), () -> {});
  }

  /** Ends the stream early: the provider is cancelled, and the client told why. */
  void end(EndCause cause, Refusal refusal) {
    if (concluded) {
      return;
    }
    boolean heard = cause != EndCause.GUARD_BLOCKED && cause != EndCause.FAULT;
    if (heard && !client.full()) {
      letGo();
      if (concluded) {
        return; // a guard has ended it
      }
    }
    nodeStops = cause == EndCause.DRAINED;
    if (trace.drain().isPresent()) {
      leave();
      provider.cancel();
      return;
    }
    trace.servedByLastAttempt();
    trace.lastAttemptFailed(refusal.code().text());
    trace.deny(STEP, refusal.code().text());
    String id = arrived.requestId();
    conclude(cause, Optional.of(refusal), () -> fail(cause, refusal, id));
    provider.cancel(); // last, as it reports itself as a cut
  }

  /** A client that has got nothing yet is refused as if there had been no stream. */
  private void fail(EndCause cause, Refusal refusal, String id) {
    if (isRefused(cause)) {
      client.refuse(refusal, id);
    } else {
      client.failStream(refusal, id, passage.failure(refusal, id));
    }
  }

  private boolean isRefused(EndCause cause) {
    return cause == EndCause.GUARD_BLOCKED && !begun;
  }

  private void conclude(EndCause cause, Optional<Refusal> refusal, Runnable finish) {
    concluded = true;
    concludedNanos = System.nanoTime();
    running.remove(this);
    passage.over();
    int status =
        isRefused(cause)
            ? arrived.asked().endpoint().errors().status(Code.GUARD_BLOCKED)
            : STATUS_OK;
    Funded funded = opened.funded();
    usage(funded)
        .map(usage ->
            new Delivered(funded, opened.candidate(), usage, cause, status, refusal, finish))
        .onComplete(delivered);
  }

  private Future<Usage> usage(Funded funded) {
    ClientRequest request = funded.request();
    Candidate candidate = opened.candidate();
    return nodeStops
        ? Future.succeededFuture(Estimates.atOnce(meter, request, candidate))
        : estimates.of(meter, request, candidate, complete);
  }

  /** Once a second: is anybody silent for too long? */
  void onTick(long nowNanos) {
    if (concluded) {
      if (nowNanos - concludedNanos > MAX_NANOS_AFTER_END) {
        running.remove(this);
        provider.cancel();
      }
    } else if (isDrained(nowNanos)) {
      leave();
      provider.cancel();
    } else if (nowNanos - startNanos > terms.total().toNanos()) {
      end(EndCause.TOO_LONG, StreamFaults.tooLong(terms));
    } else if (paused && nowNanos - pausedNanos > limits.stalledClient().toNanos()) {
      end(EndCause.CLIENT_STALLED, StreamFaults.stalled(limits));
    } else if (!paused && !unfunded && nowNanos - lastReadNanos > terms.idle().toNanos()) {
      end(EndCause.PROVIDER_SILENT, StreamFaults.silent(terms));
    } else {
      letGoInTime(nowNanos);
      keepAlive(nowNanos);
      if (nowNanos - progressNanos >= PROGRESS_NANOS) {
        reportProgress(nowNanos);
      }
    }
  }

  /**
   * While the provider is silent; a client that does not read makes nothing go without a verdict.
   */
  private void letGoInTime(long nowNanos) {
    if (!paused && !unfunded && nowNanos - lastReadNanos > MAX_HOLD_NANOS) {
      letGo();
      client.flush();
    }
  }

  /** Clients and proxies take long silence for an end, and a model may think for minutes. */
  private void keepAlive(long nowNanos) {
    if (!paused && nowNanos - lastWrittenNanos >= limits.keepAlive().toNanos()) {
      lastWrittenNanos = nowNanos;
      client.keepAlive(); // what has been delivered are whole events
    }
  }

  private boolean isDrained(long nowNanos) {
    return trace
        .drain()
        .map(drain -> drain.isOver(nowNanos, meter.outputSoFar() - outputAtGone))
        .orElse(false);
  }

  private void reportProgress(long nowNanos) {
    progressNanos = nowNanos;
    if (meter.outputSoFar() > progressOutput) {
      progressOutput = meter.outputSoFar();
      journal.progress(arrived.requestId(), progressOutput);
    }
  }

  /** Whose it is: what a revocation names. */
  String principalId() {
    return opened.funded().routed().admitted().governed().identified().who().id();
  }
}
