package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.admission.ModelAccess.Question;
import dev.penstock.dataplane.budget.BudgetActions;
import dev.penstock.dataplane.budget.BudgetActions.Detour;
import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.Asked;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.ratelimit.LimitStanding;
import dev.penstock.dataplane.ratelimit.RateLimits;
import dev.penstock.dataplane.route.CallTerms;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.money.Tokens;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code admit}: the request is read, and what is left of the model's deployments, or of
 * those that its route names, are those that allow-list, residency and price permit, within the
 * tenant's rate limits. A later step only picks among them.
 */
public final class Admission {

  private static final String STEP = "admit";

  /** Decisions of budgets, which are no step of their own. */
  private static final String ACTION = "budget-action";

  private final String nodeRegion;
  private final Limits limits;
  private final CallTerms unrouted;
  private final Clock clock;
  private final ModelAccess access;
  private final Observation observation;
  private final RateLimits rateLimits;
  private final BudgetActions budgetActions;

  public Admission(
      String nodeRegion,
      Limits limits,
      Clock clock,
      ExchangeMetrics metrics,
      RateLimits rateLimits,
      BudgetActions budgetActions) {
    this.nodeRegion = nodeRegion;
    this.limits = limits;
    this.rateLimits = rateLimits;
    this.budgetActions = budgetActions;
    this.unrouted = CallTerms.of(limits, Optional.empty());
    this.clock = clock;
    access = new ModelAccess(nodeRegion);
    observation = new Observation(nodeRegion, metrics);
  }

  public Future<Admitted> admit(Governed governed) {
    ExchangeTrace trace = governed.identified().arrived().trace();
    try {
      Admitted admitted = decide(governed, trace);
      ClientRequest request = admitted.request();
      // Last, so that what is refused anyway uses up nothing.
      return rateLimits
          .take(governed, request.model(), TokenMeter.estimateInput(request.bytes()))
          .map(taken -> passed(admitted, trace))
          .onFailure(failure -> deny(trace, failure));
    } catch (RefusedException refused) {
      deny(trace, refused);
      return Future.failedFuture(refused);
    }
  }

  private Admitted passed(Admitted admitted, ExchangeTrace trace) {
    trace.pass(
        STEP,
        admitted.candidates().size()
            + (admitted.candidates().size() == 1 ? " deployment of " : " deployments of ")
            + admitted.request().model()
            + proof(admitted.governed().policy().policy())
            + HipaaTerms.proof(admitted.governed().policy().policy()));
    return admitted;
  }

  private static void deny(ExchangeTrace trace, Throwable failure) {
    if (failure instanceof RefusedException refused) {
      trace.deny(STEP, refused.reason());
    }
  }

  /** Where the rate limits stand here that may bind a caller. */
  public List<LimitStanding> rateStandings(Governed governed) {
    return rateLimits.standings(governed);
  }

  /** The exchange is over, however it ended: gives back what it held of rate limits. */
  public void leave(Arrived arrived, @Nullable Delivered delivered) {
    Tokens used = delivered == null ? Tokens.NONE : delivered.usage().tokens();
    rateLimits.leave(arrived.trace(), used.input() + used.output());
  }

  /** That node and record may be here; provider and credential stand in the record themselves. */
  private String proof(EffectivePolicy policy) {
    return policy
        .residency()
        .map(regions ->
            "; residency %s holds for node and record in %s"
                .formatted(new TreeSet<>(regions), nodeRegion))
        .orElse("");
  }

  private Admitted decide(Governed governed, ExchangeTrace trace) {
    ClientRequest request = read(governed);
    trace.asked(request.model(), request.stream());
    governed.identified().arrived().client().named(request.clientId());
    Question question = question(governed, request.model());
    Optional<RouteRule> route = access.find(question);
    // Before it is allowed, so that a denial is recorded under the name that was asked for.
    trace.resolvedModel(request.model());
    Instant now = clock.instant();
    Way way = way(governed, request, question, route, now);
    List<Candidate> candidates = way.speaking().candidates();
    observation.note(STEP, governed, request.model(), candidates, now);
    return new Admitted(
        governed,
        request,
        candidates,
        way.speaking().translation(),
        way.route().isPresent() ? CallTerms.of(limits, way.route()) : unrouted);
  }

  /** The deployments that may serve, and the route that led to them. */
  private record Way(Speaking speaking, Optional<RouteRule> route) {}

  /**
   * By the route that a budget sends the exchange to, if one does and that route can serve it; else
   * by its own.
   */
  private Way way(
      Governed governed,
      ClientRequest request,
      Question question,
      Optional<RouteRule> route,
      Instant now) {
    Asked asked = governed.identified().arrived().asked();
    List<Candidate> own = access.candidates(question, route, now);
    Optional<Detour> detour =
        asked.endpoint().generates() ? budgetActions.detour(governed, own) : Optional.empty();
    if (detour.isPresent() && !route.equals(detour.map(Detour::route))) {
      ExchangeTrace trace = governed.identified().arrived().trace();
      Optional<RouteRule> cheaper = detour.map(Detour::route);
      try {
        List<Candidate> there = access.candidates(question, cheaper, now);
        Way way = new Way(speaking(asked, request, there, cheaper), cheaper);
        trace.pass(ACTION, detour.get().why());
        return way;
      } catch (RefusedException cannot) {
        // A cheaper route spares money; it is no reason to refuse what can be served and paid for.
        trace.pass(
            ACTION,
            "%s, which cannot serve it: %s"
                .formatted(detour.get().why(), cannot.refusal().code().text()));
      }
    }
    return new Way(speaking(asked, request, own, route), route);
  }

  private static Speaking speaking(
      Asked asked, ClientRequest request, List<Candidate> candidates, Optional<RouteRule> route) {
    return Speaking.of(
        asked,
        request,
        candidates,
        route.map(RouteRule::unsupportedFields).orElse(UnsupportedFields.REFUSE));
  }

  private static Question question(Governed governed, String model) {
    return new Question(
        governed.identified().snapshot(),
        governed.policy().policy(),
        governed.identified().models(),
        governed.identified().arrived().trace().caller().tags().keySet(),
        model);
  }

  private static PolicyContent content(Governed governed) {
    return governed.identified().snapshot().content();
  }

  private static ClientRequest read(Governed governed) {
    Arrived arrived = governed.identified().arrived();
    return arrived.asked().endpoint().read(arrived.body());
  }

  /** The names that the caller may ask for, sorted. */
  public static List<String> usableModels(Governed governed) {
    EffectivePolicy policy = governed.policy().policy();
    PolicyContent content = content(governed);
    Set<String> names = new TreeSet<>(policy.allowedModels());
    if (policy.observed().anyModel()) {
      names.addAll(content.models().keySet());
      policy
          .tenantPath()
          .forEach(
              tenant -> names.addAll(content.routes().getOrDefault(tenant, Map.of()).keySet()));
    }
    return names.stream().filter(model -> isUsable(governed, model)).sorted().toList();
  }

  /** Whether the caller may ask for a model, be it the catalogue's or a route's. */
  public static boolean isUsable(Governed governed, String model) {
    return governed.identified().models().mayUse(model)
        && (content(governed).models().containsKey(model)
            || content(governed).route(governed.policy().policy().tenantPath(), model).isPresent());
  }
}
