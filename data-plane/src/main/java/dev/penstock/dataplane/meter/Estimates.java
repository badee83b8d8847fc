package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.route.Candidate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what an answer used: by its provider's count where that is complete, else by our own. Counts
 * on a worker, as tokenizing takes milliseconds and loading an encoding more; one instance per
 * event loop.
 */
public final class Estimates {

  /** More estimates than this at once, as when all streams of a node end, are made roughly. */
  static final int MAX_PENDING = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Estimates.class);

  private final Context context;
  private int pending;

  /**
   * @param context whose event loop the exchanges run on
   */
  public Estimates(Context context) {
    this.context = context;
  }

  /**
   * At once where the provider has counted.
   *
   * @param complete whether the answer is
   */
  public Future<Usage> of(
      TokenMeter meter, ClientRequest request, Candidate candidate, boolean complete) {
    return meter
        .counted(complete)
        .map(Future::succeededFuture)
        .orElseGet(() -> {
          Estimate estimate = new Estimate(meter, request, candidate);
          return onWorker(estimate::counted, estimate::rough);
        });
  }

  /** The same without a worker, which a node that stops may not have the time for. */
  public static Usage atOnce(TokenMeter meter, ClientRequest request, Candidate candidate) {
    return meter.counted(false).orElseGet(() -> new Estimate(meter, request, candidate).rough());
  }

  /**
   * Of a whole answer that came without its provider's count.
   *
   * @param decoder reads it; empty where an answer has no text
   */
  public Future<Usage> ofWhole(
      byte[] answer, Optional<AnswerDecoder> decoder, ClientRequest request, Candidate candidate) {
    TokenMeter meter = new TokenMeter();
    Estimate estimate = new Estimate(meter, request, candidate);
    return onWorker(
        () -> {
          decoder.ifPresent(reading -> read(reading, answer, meter));
          return estimate.counted();
        },
        () -> {
          decoder.ifPresent(unread -> meter.wroteAll(answer));
          return estimate.rough();
        });
  }

  private static void read(AnswerDecoder decoder, byte[] answer, TokenMeter meter) {
    try {
      decoder.whole(answer, event -> meter.wrote(event.written()));
    } catch (MalformedAnswer unreadable) {
      meter.wroteAll(answer);
    }
  }

  /** Tokens of a request, where nobody is asked for an answer. */
  public Future<Long> ofInput(ClientRequest request, Candidate candidate) {
    Estimate estimate = new Estimate(new TokenMeter(), request, candidate);
    return onWorker(estimate::input, estimate::roughInput);
  }

  /**
   * Of a call that did not serve, whose provider may charge for it all the same.
   *
   * @param answerBytes what had come of an answer
   */
  public Future<Usage> ofUnserved(long answerBytes, ClientRequest request, Candidate candidate) {
    Estimate estimate = new Estimate(new TokenMeter(), request, candidate);
    return onWorker(estimate::input, estimate::roughInput)
        .map(input -> estimate.unserved(input, answerBytes));
  }

  /** The same without a worker. */
  public static Usage ofUnservedAtOnce(
      long answerBytes, ClientRequest request, Candidate candidate) {
    Estimate estimate = new Estimate(new TokenMeter(), request, candidate);
    return estimate.unserved(estimate.roughInput(), answerBytes);
  }

  private <T> Future<T> onWorker(Callable<T> counting, Supplier<T> roughly) {
    if (pending >= MAX_PENDING) {
      return Future.succeededFuture(roughly.get());
    }
    pending++;
    return context
        .executeBlocking(counting, false)
        .map(Objects::requireNonNull)
        .otherwise(fault -> {
          LOG.error("fault in an estimate of tokens; it is made roughly", fault);
          return roughly.get();
        })
        .onComplete(done -> pending--);
  }
}
