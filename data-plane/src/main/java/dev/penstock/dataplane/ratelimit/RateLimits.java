package dev.penstock.dataplane.ratelimit;

import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.ratelimit.Meter.Refused;
import dev.penstock.dataplane.ratelimit.Meter.Share;
import dev.penstock.dataplane.ratelimit.Permit.Part;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps tenants within their rate limits; a part of the step {@code admit}. The one owner of all
 * meters, shared by the event loops.
 *
 * <p>A limit is for all nodes together. Each lets pass its even share, rounded up, of as many nodes
 * as are connected where the tenant may be served: so the whole fleet never lets pass more, but a
 * tenant that talks to one node alone gets that node's share.
 *
 * <p>Tokens are taken as estimated when a request comes and corrected when it ends, so a burst of
 * long answers can be known only afterwards: the tenant then waits until that is made up for.
 */
public final class RateLimits {

  /** Beyond so many meters those that nobody has used for a while are forgotten. */
  static final int MANY = 20_000;

  /** After this long unused a meter is as good as new. */
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final String STEP = "admit";
  private static final long STREAM_RETRY_MILLIS = 1_000;

  private final ConcurrentMap<String, Meter> meters = new ConcurrentHashMap<>();
  private final FleetSize fleet;
  private final ExchangeMetrics metrics;
  private final LongSupplier nanos;

  public RateLimits(FleetSize fleet, ExchangeMetrics metrics) {
    this(fleet, metrics, System::nanoTime);
  }

  RateLimits(FleetSize fleet, ExchangeMetrics metrics, LongSupplier nanos) {
    this.fleet = fleet;
    this.metrics = metrics;
    this.nanos = nanos;
  }

  /**
   * Takes what an exchange needs of every limit that binds it, and keeps it with the exchange; or
   * nothing at all.
   *
   * @param model that was asked for
   * @param tokens what it is taken for
   * @throws dev.penstock.dataplane.exchange.RefusedException where a limit has no room
   */
  public void take(Governed governed, String model, long tokens) {
    List<RateLimitRule> rules = governed.policy().rateLimits();
    if (rules.isEmpty()) {
      return;
    }
    ExchangeTrace trace = governed.identified().arrived().trace();
    long now = nanos.getAsLong();
    int nodes = fleet.nodesFor(governed.policy().policy().residency());
    List<Part> taken = new ArrayList<>(rules.size());
    for (RateLimitRule rule : rules) {
      if (!rule.binds(governed.identified().who(), model)) {
        continue;
      }
      Share share = share(rule, nodes);
      Optional<Refused> refused = take(rule, share, now, tokens, taken);
      if (refused.isEmpty()) {
        continue;
      }
      Code code = code(refused.get());
      if (rule.observed()) {
        trace.wouldDeny(STEP, code);
        metrics.wouldDeny(code.text());
        continue;
      }
      taken.forEach(part -> part.meter().untake(now, part.share(), tokens));
      tell(governed, model, nodes, now);
      throw refusal(rule, refused.get(), code, nodes).toException();
    }
    trace.permitted(new Permit(taken, tokens));
    tell(governed, model, nodes, now);
  }

  /** Tells the client what is left of the limits that are enforced. */
  private void tell(Governed governed, String model, int nodes, long now) {
    Arrived arrived = governed.identified().arrived();
    Tightest tightest = new Tightest();
    for (RateLimitRule rule : governed.policy().rateLimits()) {
      if (!rule.observed() && rule.binds(governed.identified().who(), model)) {
        tightest.add(rule, meter(rule, now).standing(now, share(rule, nodes)));
      }
    }
    tightest.at(arrived.at()).ifPresent(arrived.client()::allowance);
  }

  private Optional<Refused> take(
      RateLimitRule rule, Share share, long now, long tokens, List<Part> taken) {
    while (true) {
      Meter meter = meter(rule, now);
      Optional<Refused> refused = meter.take(now, share, tokens);
      if (!meter.retired()) {
        if (refused.isEmpty()) {
          taken.add(new Part(meter, share));
        }
        return refused;
      } // it was forgotten in this very moment: the next one has its place
    }
  }

  private Meter meter(RateLimitRule rule, long now) {
    if (meters.size() > MANY) {
      meters.values().removeIf(meter -> meter.retire(now, IDLE_NANOS));
    }
    return meters.computeIfAbsent(rule.tenant() + "/" + rule.name(), name -> new Meter(now));
  }

  private static Share share(RateLimitRule rule, int nodes) {
    return new Share(
        Math.ceilDiv(rule.requestsPerMinute(), nodes),
        Math.ceilDiv(rule.tokensPerMinute(), nodes),
        Math.ceilDiv(rule.concurrentStreams(), nodes));
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
    permit
        .parts()
        .forEach(part -> part.meter().leave(now, part.share(), permit.tokens(), actualTokens));
  }

  private static Code code(Refused refused) {
    return switch (refused.shortage()) {
      case STREAMS -> Code.CONCURRENCY_LIMIT_EXCEEDED;
      case REQUESTS, TOKENS -> Code.RATE_LIMIT_EXCEEDED;
    };
  }

  private static Refusal refusal(RateLimitRule rule, Refused refused, Code code, int nodes) {
    long waitMillis =
        refused.waitNanos() == 0
            ? STREAM_RETRY_MILLIS
            : Math.ceilDiv(refused.waitNanos(), TimeUnit.MILLISECONDS.toNanos(1));
    String allowed =
        switch (refused.shortage()) {
          case REQUESTS -> rule.requestsPerMinute() + " requests a minute";
          case TOKENS -> rule.tokensPerMinute() + " tokens a minute";
          case STREAMS -> rule.concurrentStreams() + " requests at the same time";
        };
    String shared = nodes == 1 ? "" : ", shared evenly by %d gateway nodes".formatted(nodes);
    return Refusal.retryable(
        code,
        "The rate limit %s of %s allows %s%s; try again in %d s."
            .formatted(
                rule.name(), rule.tenant(), allowed, shared, Math.ceilDiv(waitMillis, 1_000L)),
        waitMillis);
  }
}
