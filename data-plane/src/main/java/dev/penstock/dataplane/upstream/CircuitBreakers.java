package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.exchange.ClientGoneException;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * One circuit breaker with its timeout per deployment, kind of answer (streamed or whole) and
 * timeouts, shared by the node's event loops: what one of them learns about a provider helps the
 * others. A route that is in a greater hurry than others does not open their breaker.
 *
 * <p>Only provider failures count. A refusal such as 400 or 429 is an answer, and a client that
 * leaves says nothing about the provider.
 */
public final class CircuitBreakers {

  private static final int REQUEST_VOLUME = 20;
  private static final double FAILURE_RATIO = 0.5;
  private static final long WARM_UP_MILLIS = 1_000;
  private static final Duration OPEN_FOR = Duration.ofSeconds(5);

  private final Map<Key, TypedGuard<CompletionStage<ProviderAnswer>>> guards =
      new ConcurrentHashMap<>();

  /** Loads what the first call would otherwise wait for. */
  public void warm() {
    var unused =
        newGuard(new Key("warm-up", true, WARM_UP_MILLIS, WARM_UP_MILLIS))
            .get(() ->
                CompletableFuture.completedFuture(
                    new ProviderAnswer.Whole(200, Buffer.buffer(), "", "")));
  }

  /**
   * Whose breaker.
   *
   * @param timeoutMillis how long a stream may take to begin, or a whole answer to be complete
   * @param connectMillis how long the connection may take
   */
  record Key(String deployment, boolean stream, long timeoutMillis, long connectMillis) {}

  /** Makes a call behind its breaker; completes on {@code context}. */
  Future<ProviderAnswer> call(Key key, Context context, Supplier<Future<ProviderAnswer>> call) {
    TypedGuard<CompletionStage<ProviderAnswer>> guard =
        guards.computeIfAbsent(key, CircuitBreakers::newGuard);
    CompletionStage<ProviderAnswer> guarded =
        guard.get(
            () -> inTime(call.get(), key.timeoutMillis(), context.owner()).toCompletionStage());
    return Future.fromCompletionStage(guarded, context)
        .recover(failure -> Future.failedFuture(translate(failure)));
  }

  /** The event loop's own timer: the library's is a thread that each call would wake twice. */
  private static Future<ProviderAnswer> inTime(
      Future<ProviderAnswer> answer, long timeoutMillis, Vertx vertx) {
    Promise<ProviderAnswer> timely = Promise.promise();
    long timer =
        vertx.setTimer(
            timeoutMillis,
            late -> timely.tryFail(ProviderFailure.of(ProviderFailure.Kind.FIRST_TOKEN_TIMEOUT)));
    answer.onComplete(
        it -> {
          vertx.cancelTimer(timer);
          timely.tryComplete(it);
        },
        failure -> {
          vertx.cancelTimer(timer);
          timely.tryFail(failure);
        });
    return timely.future();
  }

  private static TypedGuard<CompletionStage<ProviderAnswer>> newGuard(Key key) {
    return TypedGuard.create(new TypeLiteral<CompletionStage<ProviderAnswer>>() {})
        .withDescription(key.deployment() + (key.stream() ? " streamed" : " whole"))
        .withCircuitBreaker()
        .requestVolumeThreshold(REQUEST_VOLUME)
        .failureRatio(FAILURE_RATIO)
        .delay(OPEN_FOR.toMillis(), ChronoUnit.MILLIS)
        .skipOn(ClientGoneException.class)
        .done()
        .build();
  }

  private static Throwable translate(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof CircuitBreakerOpenException
        ? ProviderFailure.of(ProviderFailure.Kind.CIRCUIT_OPEN)
        : cause;
  }
}
