package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.exchange.Stage.Opened;
import dev.penstock.dataplane.journal.ExchangeRecord.Attempt;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.route.CallTerms;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.upstream.Drains.Drain;
import dev.penstock.dataplane.upstream.ProviderAnswer.Counted;
import dev.penstock.dataplane.upstream.ProviderAnswer.Whole;
import dev.penstock.dataplane.upstream.ProviderFailure.Kind;
import dev.penstock.kernel.snapshot.PolicyContent.RetryOn;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The step {@code open}: calls the candidates in order until one begins to answer. No byte has
 * reached the client before that, so trying the next is safe; from then on nothing is tried again.
 */
public final class UpstreamDialer {

  private static final String STEP = "open";
  private static final long DEFAULT_RETRY_AFTER_MILLIS = 1_000;
  private static final int STATUS_UNAUTHORIZED = 401;
  private static final int STATUS_FORBIDDEN = 403;
  private static final int STATUS_NOT_FOUND = 404;
  private static final int STATUS_TOO_MANY_REQUESTS = 429;

  private final HttpClient http;
  private final ProviderAddresses addresses;
  private final CircuitBreakers breakers;
  private final Limits limits;
  private final Drains drains;
  private final Context context;
  private final Estimates estimates;

  /** {@code context} is that of the event loop that owns the exchanges. */
  public UpstreamDialer(
      HttpClient http,
      ProviderAddresses addresses,
      CircuitBreakers breakers,
      Limits limits,
      Drains drains,
      Context context,
      Estimates estimates) {
    this.http = http;
    this.addresses = addresses;
    this.breakers = breakers;
    this.limits = limits;
    this.drains = drains;
    this.context = context;
    this.estimates = estimates;
  }

  public Future<Opened> open(Funded funded) {
    Endpoint endpoint = funded.arrived().asked().endpoint();
    Candidate first = funded.routed().candidates().getFirst();
    if (endpoint == Endpoint.COUNT_TOKENS
        && Protocol.of(first).dialectFor(endpoint) != endpoint.dialect()) {
      return count(funded, first);
    }
    List<Candidate> order = new ArrayList<>(funded.routed().candidates());
    if (order.size() == 1) {
      // A kept-alive connection that the provider has just closed looks like a broken provider; the
      // only candidate gets a second chance on a new one.
      order.add(order.getFirst());
    }
    return attempt(new Tries(funded, order, 0, 0));
  }

  /** Other dialects have nothing to ask for a count with. */
  private Future<Opened> count(Funded funded, Candidate candidate) {
    return estimates
        .ofInput(funded.request(), candidate)
        .map(tokens -> {
          funded.arrived().trace().pass(STEP, "counted here, no provider of the model can");
          return new Opened(funded, candidate, new Counted(tokens));
        });
  }

  /**
   * Where the search for a provider stands.
   *
   * @param calls calls that have been made; one that its breaker did not let out is none
   */
  private record Tries(Funded funded, List<Candidate> order, int index, int calls) {

    Candidate candidate() {
      return order.get(index);
    }

    CallTerms terms() {
      return funded.routed().admitted().terms();
    }

    ExchangeTrace trace() {
      return funded.arrived().trace();
    }

    /** Whether there is somebody left, and the route allows one call more. */
    boolean hasNext(boolean called) {
      int most = terms().retry().attempts();
      return index + 1 < order.size() && (most == 0 || calls + (called ? 1 : 0) < most);
    }

    /** Whether the next is another candidate, and not the only one's second chance. */
    boolean hasOther(boolean called) {
      return hasNext(called) && order.get(index + 1) != candidate();
    }

    Tries next(boolean called) {
      return new Tries(funded, order, index + 1, calls + (called ? 1 : 0));
    }
  }

  private Future<Opened> attempt(Tries tries) {
    tries.trace().opening(tries.candidate().target(), tries.candidate().model().name());
    Funded funded = tries.funded();
    ProviderCall call =
        new ProviderCall(
            http,
            addresses,
            tries.candidate(),
            funded.arrived().asked(),
            funded.request().stream(),
            limits.maxAnswerBytes(),
            tries.terms().connect().toMillis());
    return call(tries, call)
        .transform((answer, failure) ->
            failure == null ? onAnswer(tries, answer) : onFailure(tries, call, failure));
  }

  private Future<ProviderAnswer> call(Tries tries, ProviderCall call) {
    Funded funded = tries.funded();
    Candidate candidate = tries.candidate();
    boolean stream = funded.request().stream();
    ClientChannel client = funded.arrived().client();
    if (client.gone()) {
      return Future.failedFuture(ClientGoneException.beforeTheCall());
    }
    client.onGone(() -> onClientGone(tries, call));
    Buffer body = body(funded, candidate);
    return breakers
        .call(
            new CircuitBreakers.Key(
                candidate.deployment().name(),
                stream,
                (stream ? tries.terms().firstToken() : tries.terms().total()).toMillis(),
                tries.terms().connect().toMillis()),
            context,
            () -> call.start(body))
        // A timeout leaves the call running; it has to be ended here.
        .onFailure(failure -> call.cancel());
  }

  /** A call that is to be drained gets time to answer; what comes then is the relay's to read. */
  private void onClientGone(Tries tries, ProviderCall call) {
    Optional<Drain> drain =
        call.sent() ? drains.begin(tries.candidate().provider()) : Optional.empty();
    if (drain.isEmpty()) {
      call.abandon();
      return;
    }
    tries.trace().draining(drain.get());
    Vertx vertx = context.owner();
    long timer = vertx.setTimer(limits.drains().time().toMillis(), over -> call.abandon());
    call.answer().onComplete(answered -> vertx.cancelTimer(timer));
  }

  /** As the client wrote it where the provider speaks its dialect, else translated. */
  private static Buffer body(Funded funded, Candidate candidate) {
    String model = candidate.deployment().upstreamModel();
    Endpoint endpoint = funded.arrived().asked().endpoint();
    Protocol protocol = Protocol.of(candidate);
    Dialect dialect = protocol.dialectFor(endpoint);
    if (dialect == endpoint.dialect()) {
      return funded.request().forProvider(model, candidate.continuousUsage());
    }
    long most = candidate.model().maxOutputTokens();
    Target target =
        new Target(
            dialect,
            model,
            most > 0 ? OptionalLong.of(most) : OptionalLong.empty(),
            protocol.traits(candidate));
    return funded.routed().admitted().translation().orElseThrow().body(target);
  }

  private Future<Opened> onAnswer(Tries tries, ProviderAnswer answer) {
    Candidate candidate = tries.candidate();
    boolean elsewhere =
        switch (answer.status()) {
          // Something is wrong between the platform and this provider: no wish of the route's.
          case STATUS_UNAUTHORIZED, STATUS_FORBIDDEN, STATUS_NOT_FOUND -> true;
          case STATUS_TOO_MANY_REQUESTS -> tries.terms().retry().covers(RetryOn.TOO_MANY_REQUESTS);
          default -> false;
        };
    String error = answer.status() >= 300 ? "http_" + answer.status() : "";
    ExchangeTrace trace = tries.trace();
    trace.attempted(
        new Attempt(candidate.place(), answer.status(), error, false, answer.requestId()));
    tries.funded().arrived().client().providerRequestId(answer.requestId());
    boolean refused = elsewhere || answer.status() == STATUS_TOO_MANY_REQUESTS;
    if (!refused) {
      trace.pass(STEP, candidate.deployment().name() + " answered " + answer.status());
      return Future.succeededFuture(new Opened(tries.funded(), candidate, answer));
    }
    return elsewhere && tries.hasOther(true)
        ? attempt(tries.next(true))
        : refuse(trace, refusalOf(answer));
  }

  private Future<Opened> onFailure(Tries tries, ProviderCall call, Throwable failure) {
    Candidate candidate = tries.candidate();
    ExchangeTrace trace = tries.trace();
    switch (failure) {
      case ProviderFailure provider -> {
        trace.attempted(
            new Attempt(
                candidate.place(),
                provider.status(),
                provider.error(),
                false,
                provider.requestId()));
        noteCost(tries, call, provider);
        tries.funded().arrived().client().providerRequestId(provider.requestId());
        return mayGoOn(tries, provider)
            ? attempt(tries.next(isCall(provider)))
            : refuse(trace, refusalOf(provider));
      }
      case ClientGoneException gone -> {
        trace.attempted(
            new Attempt(candidate.place(), 0, "cancelled", gone.sentTo().isPresent(), ""));
        trace.deny(STEP, "client gone");
        return Future.failedFuture(gone);
      }
      default -> {
        return Future.failedFuture(failure);
      }
    }
  }

  /** A provider that had the request may charge for it, unless it said itself that it failed. */
  private static void noteCost(Tries tries, ProviderCall call, ProviderFailure failure) {
    boolean mayCost =
        switch (failure.kind()) {
          case CUT, FIRST_TOKEN_TIMEOUT, TOO_LARGE -> call.sent();
          case CONNECT, CIRCUIT_OPEN, SERVER_ERROR, FORBIDDEN_ADDRESS -> false;
        };
    if (mayCost) {
      tries.trace().lastAttemptMayCost(tries.candidate(), call.answerBytes());
    }
  }

  private static boolean mayGoOn(Tries tries, ProviderFailure failure) {
    boolean called = isCall(failure);
    boolean somewhere =
        tries.hasOther(called)
            || (tries.index() == 0 && isConnectionLoss(failure) && tries.hasNext(called));
    RouteRetry retry = tries.terms().retry();
    return somewhere
        && switch (failure.kind()) {
          case CONNECT, CUT, FORBIDDEN_ADDRESS -> retry.covers(RetryOn.CONNECT);
          case FIRST_TOKEN_TIMEOUT -> retry.covers(RetryOn.FIRST_TOKEN_TIMEOUT);
          case SERVER_ERROR, TOO_LARGE -> retry.covers(RetryOn.SERVER_ERROR);
          case CIRCUIT_OPEN -> true;
        };
  }

  private static boolean isCall(ProviderFailure failure) {
    return failure.kind() != Kind.CIRCUIT_OPEN;
  }

  private static boolean isConnectionLoss(ProviderFailure failure) {
    return failure.kind() == Kind.CUT || failure.kind() == Kind.CONNECT;
  }

  private static Future<Opened> refuse(ExchangeTrace trace, Refusal refusal) {
    trace.deny(STEP, refusal.code().text());
    return Future.failedFuture(refusal.toException());
  }

  private static Refusal refusalOf(ProviderFailure failure) {
    return switch (failure.kind()) {
      case FIRST_TOKEN_TIMEOUT ->
          Refusal.of(Code.UPSTREAM_TIMEOUT, "No provider of the model began to answer in time.");
      case CIRCUIT_OPEN ->
          Refusal.retryable(
              Code.NO_DEPLOYMENT_AVAILABLE,
              "Every provider of the model has been failing and is given a pause; try again shortly.",
              5_000);
      case CONNECT, CUT ->
          Refusal.of(
              Code.UPSTREAM_ERROR, "No provider of the model could be reached; try again later.");
      case SERVER_ERROR ->
          Refusal.of(
              Code.UPSTREAM_ERROR,
              "Every provider of the model answered with an error (%d); try again later."
                  .formatted(failure.status()));
      case TOO_LARGE ->
          Refusal.of(
              Code.UPSTREAM_ERROR, "The provider's answer is too large; ask for it as a stream.");
      case FORBIDDEN_ADDRESS ->
          Refusal.of(
              Code.UPSTREAM_ERROR,
              "The provider's address is in a private range that this gateway may not call; the"
                  + " platform team can allow it.");
    };
  }

  private static Refusal refusalOf(ProviderAnswer answer) {
    return switch (answer.status()) {
      case STATUS_TOO_MANY_REQUESTS ->
          Refusal.retryable(
              Code.UPSTREAM_RATE_LIMITED,
              "Every provider of the model is limiting the company's requests; try again later.",
              retryAfterMillis(answer).orElse(DEFAULT_RETRY_AFTER_MILLIS));
      case STATUS_UNAUTHORIZED, STATUS_FORBIDDEN ->
          Refusal.of(
              Code.UPSTREAM_AUTH,
              "The provider does not accept the platform's credential; the platform team has to"
                  + " renew it.");
      default ->
          Refusal.of(
              Code.UPSTREAM_ERROR,
              "The provider does not know the model under its configured name; the platform team has"
                  + " to correct the deployment.");
    };
  }

  private static OptionalLong retryAfterMillis(ProviderAnswer answer) {
    return answer instanceof Whole whole && whole.retryAfter().matches("[0-9]{1,5}")
        ? OptionalLong.of(Long.parseLong(whole.retryAfter()) * 1000)
        : OptionalLong.empty();
  }
}
