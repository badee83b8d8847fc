package dev.penstock.dataplane.ratelimit;

import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.ratelimit.Meter.Outcome;
import dev.penstock.dataplane.ratelimit.Meter.Outcome.Refused;
import dev.penstock.dataplane.ratelimit.Meter.Outcome.Taken;
import dev.penstock.dataplane.ratelimit.Meter.Standing;
import dev.penstock.dataplane.ratelimit.Meter.Terms;
import dev.penstock.dataplane.ratelimit.Permit.Part;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tenants within their rate limits; a part of the step {@code admit}.
 *
 * <p>A limit is for all nodes together. Each lets pass its share ({@link RateShares}), and the
 * shares together are never more than the limit. Where there is no room, and more of the limit may
 * be had, an exchange waits a moment for it.
 *
 * <p>Tokens are taken as estimated when a request comes and corrected when it ends, so a burst of
 * long answers can be known only afterwards: the tenant then waits until that is made up for.
 */
public final class RateLimits {

  private static final String STEP = "admit";
  private static final long UNKNOWN_WAIT_MILLIS = 1_000;

  /** What many exchanges need that come at once is known when the first has its answer. */
  private static final int MOST_WAITS = 2;

  private static final Future<Void> DONE = Future.succeededFuture();

  private final RateShares shares;
  private final ExchangeMetrics metrics;
  private final LongSupplier nanos;

  public RateLimits(RateShares shares, ExchangeMetrics metrics) {
    this(shares, metrics, System::nanoTime);
  }

  RateLimits(RateShares shares, ExchangeMetrics metrics, LongSupplier nanos) {
    this.shares = shares;
    this.metrics = metrics;
    this.nanos = nanos;
  }

  /** An enforced limit that has no room. */
  private record Obstacle(RateLimitRule rule, Meter meter, Refused refused) {}

  /** All parts are taken, or none because of an obstacle. */
  private record Attempt(List<Part> taken, @Nullable Obstacle obstacle, Set<Code> wouldDeny) {}

  /**
   * Takes what an exchange needs of every limit that binds it, and keeps it with the exchange; or
   * nothing at all.
   *
   * @param model that was asked for
   * @param tokens what it is taken for
   * @return fails with {@link dev.penstock.dataplane.exchange.RefusedException} where a limit has
   *     no room
   */
  public Future<Void> take(Governed governed, String model, long tokens) {
    if (governed.policy().rateLimits().isEmpty()) {
      return DONE;
    }
    return take(governed, model, tokens, MOST_WAITS);
  }

  private Future<Void> take(Governed governed, String model, long tokens, int waits) {
    Attempt attempt = attempt(governed, model, tokens);
    Obstacle obstacle = attempt.obstacle();
    if (obstacle == null || waits == 0) {
      return settle(governed, model, attempt);
    }
    return shares
        .await(obstacle.meter(), obstacle.rule())
        .map(answer -> answer.compose(more -> take(governed, model, tokens, waits - 1)))
        .orElseGet(() -> settle(governed, model, attempt));
  }

  private Attempt attempt(Governed governed, String model, long tokens) {
    long now = nanos.getAsLong();
    Optional<Set<String>> residency = governed.policy().policy().residency();
    List<RateLimitRule> rules = governed.policy().rateLimits();
    List<Part> taken = new ArrayList<>(rules.size());
    Set<Code> wouldDeny = EnumSet.noneOf(Code.class);
    for (RateLimitRule rule : rules) {
      if (!rule.binds(governed.identified().who(), model)) {
        continue;
      }
      Terms terms = shares.terms(rule, residency);
      Meter meter = shares.meter(terms, now);
      Outcome outcome = meter.take(now, terms, tokens);
      while (meter.retired()) { // it was forgotten in this very moment: the next one has its place
        meter = shares.meter(terms, now);
        outcome = meter.take(now, terms, tokens);
      }
      switch (outcome) {
        case Taken(long takenTokens) -> taken.add(new Part(meter, takenTokens));
        case Refused refused when rule.observed() -> wouldDeny.add(code(refused));
        case Refused refused -> {
          taken.forEach(part -> part.meter().untake(now, part.tokens()));
          return new Attempt(List.of(), new Obstacle(rule, meter, refused), wouldDeny);
        }
      }
    }
    return new Attempt(taken, null, wouldDeny);
  }

  private Future<Void> settle(Governed governed, String model, Attempt attempt) {
    ExchangeTrace trace = governed.identified().arrived().trace();
    for (Code code : attempt.wouldDeny()) {
      trace.wouldDeny(STEP, code);
      metrics.wouldDeny(code.text());
    }
    tell(governed, model);
    Obstacle obstacle = attempt.obstacle();
    if (obstacle != null) {
      int evenly = shares.sharingEvenly(governed.policy().policy().residency());
      return Future.failedFuture(refusal(obstacle, evenly).toException());
    }
    trace.permitted(new Permit(attempt.taken()));
    return DONE;
  }

  /** Tells the client what is left of the limits that are enforced. */
  private void tell(Governed governed, String model) {
    long now = nanos.getAsLong();
    Arrived arrived = governed.identified().arrived();
    Optional<Set<String>> residency = governed.policy().policy().residency();
    Tightest tightest = new Tightest();
    for (RateLimitRule rule : governed.policy().rateLimits()) {
      if (!rule.observed() && rule.binds(governed.identified().who(), model)) {
        Terms terms = shares.terms(rule, residency);
        tightest.add(rule, shares.meter(terms, now).standing(now, terms));
      }
    }
    tightest.at(arrived.at()).ifPresent(arrived.client()::allowance);
  }

  /**
   * Where each limit stands here that may bind a caller, enforced or observed; the ones that only
   * some models have are among them.
   */
  public List<LimitStanding> standings(Governed governed) {
    long now = nanos.getAsLong();
    Optional<Set<String>> residency = governed.policy().policy().residency();
    return governed.policy().rateLimits().stream()
        .filter(rule -> rule.mayBind(governed.identified().who()))
        .map(rule -> {
          Terms terms = shares.terms(rule, residency);
          Standing standing = shares.meter(terms, now).standing(now, terms);
          Units left =
              new Units(standing.requestsLeft(), standing.tokensLeft(), standing.streamsLeft());
          return new LimitStanding(rule, standing.share(), left);
        })
        .toList();
  }

  /**
   * The exchange is over, however it ended. Does nothing the second time.
   *
   * @param actualTokens what it used, input and output
   */
  public void leave(ExchangeTrace trace, long actualTokens) {
    Permit permit = trace.permit();
    if (permit.parts().isEmpty()) {
      return;
    }
    trace.permitted(Permit.NONE);
    long now = nanos.getAsLong();
    permit.parts().forEach(part -> part.meter().leave(now, part.tokens(), actualTokens));
  }

  private static Code code(Refused refused) {
    return switch (refused.shortage()) {
      case STREAMS -> Code.CONCURRENCY_LIMIT_EXCEEDED;
      case REQUESTS, TOKENS -> Code.RATE_LIMIT_EXCEEDED;
    };
  }

  private static Refusal refusal(Obstacle obstacle, int evenly) {
    RateLimitRule rule = obstacle.rule();
    Refused refused = obstacle.refused();
    long waitMillis =
        refused.waitNanos() == 0
            ? UNKNOWN_WAIT_MILLIS
            : Math.ceilDiv(refused.waitNanos(), TimeUnit.MILLISECONDS.toNanos(1));
    long limit =
        switch (refused.shortage()) {
          case REQUESTS -> rule.requestsPerMinute();
          case TOKENS -> rule.tokensPerMinute();
          case STREAMS -> rule.concurrentStreams();
        };
    String unit =
        switch (refused.shortage()) {
          case REQUESTS -> " requests a minute";
          case TOKENS -> " tokens a minute";
          case STREAMS -> " requests at the same time";
        };
    return Refusal.retryable(
        code(refused),
        "The rate limit %s of %s allows %d%s%s; try again in %d s."
            .formatted(
                rule.name(),
                rule.tenant(),
                limit,
                unit,
                shared(refused.share(), limit, evenly),
                Math.ceilDiv(waitMillis, 1_000L)),
        waitMillis);
  }

  private static String shared(long share, long limit, int evenly) {
    if (evenly > 1) {
      return ", shared evenly by %d gateway nodes".formatted(evenly);
    }
    return share < limit ? ", of which this gateway node has %d now".formatted(share) : "";
  }
}
