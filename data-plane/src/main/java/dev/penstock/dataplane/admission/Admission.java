package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.dialect.openai.chat.ChatRequest;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.ratelimit.RateLimits;
import dev.penstock.dataplane.route.CallTerms;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Tokens;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private final String nodeRegion;
  private final Limits limits;
  private final CallTerms unrouted;
  private final Clock clock;
  private final Observation observation;
  private final RateLimits rateLimits;

  public Admission(
      String nodeRegion,
      Limits limits,
      Clock clock,
      ExchangeMetrics metrics,
      RateLimits rateLimits) {
    this.nodeRegion = nodeRegion;
    this.limits = limits;
    this.rateLimits = rateLimits;
    this.unrouted = CallTerms.of(limits, Optional.empty());
    this.clock = clock;
    observation = new Observation(nodeRegion, metrics);
  }

  public Future<Admitted> admit(Governed governed) {
    ExchangeTrace trace = governed.identified().arrived().trace();
    try {
      Admitted admitted = decide(governed, trace);
      trace.pass(
          STEP,
          "%d deployment%s of %s%s"
              .formatted(
                  admitted.candidates().size(),
                  admitted.candidates().size() == 1 ? "" : "s",
                  admitted.request().model(),
                  proof(governed.policy().policy())));
      return Future.succeededFuture(admitted);
    } catch (RefusedException refused) {
      trace.deny(STEP, refused.refusal().code().text());
      return Future.failedFuture(refused);
    }
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
    ChatRequest request = read(governed);
    trace.asked(request.model(), request.stream());
    governed.identified().arrived().client().named(request.clientId());
    EffectivePolicy policy = governed.policy().policy();
    if (!policy.mayBeIn(nodeRegion)) {
      throw residency(
          policy,
          "This gateway node is in region "
              + nodeRegion
              + "; use the gateway of an allowed region.");
    }
    requireTags(policy, trace);
    Optional<RouteRule> route = route(governed, request.model());
    requireAllowed(governed, request.model(), route, trace);
    Instant now = clock.instant();
    List<Candidate> candidates =
        candidates(governed, request.model(), offers(governed, request.model(), route), now);
    observation.note(STEP, governed, request.model(), candidates, now);
    // Last, so that what is refused anyway uses up nothing.
    rateLimits.take(governed, request.model(), TokenMeter.estimateInput(request.bytes()));
    return new Admitted(
        governed, request, candidates, route.isPresent() ? CallTerms.of(limits, route) : unrouted);
  }

  private static Optional<RouteRule> route(Governed governed, String model) {
    return content(governed).route(governed.policy().policy().tenantPath(), model);
  }

  private static PolicyContent content(Governed governed) {
    return governed.identified().snapshot().content();
  }

  private static ChatRequest read(Governed governed) {
    var arrived = governed.identified().arrived();
    return arrived.client().streamsAlways()
        ? ChatRequest.readMessage(arrived.body())
        : ChatRequest.read(arrived.body());
  }

  private static void requireTags(EffectivePolicy policy, ExchangeTrace trace) {
    Set<String> missing = new TreeSet<>(policy.requiredTags());
    missing.removeAll(trace.caller().tags().keySet());
    if (!missing.isEmpty()) {
      throw Refusal.of(
              Code.TAG_REQUIRED,
              "The tenant requires the tags %s, which neither the API key nor the tenant carries; use"
                      .formatted(missing)
                  + " a key that has them.")
          .toException();
    }
  }

  private static void requireAllowed(
      Governed governed, String name, Optional<RouteRule> route, ExchangeTrace trace) {
    if (route.isEmpty() && !content(governed).models().containsKey(name)) {
      throw Refusal.ofField(
              Code.MODEL_NOT_FOUND,
              "model",
              "There is no model of this name; GET /v1/models lists those that the key may use.")
          .toException();
    }
    // Before it is allowed, so that a denial is recorded under the name that was asked for.
    trace.resolvedModel(name);
    if (!governed.identified().models().mayUse(name)) {
      throw Refusal.ofField(
              Code.MODEL_NOT_ALLOWED,
              "model",
              "The model "
                  + name
                  + " is not allowed for this key; GET /v1/models lists those that are, and the"
                  + " platform team can allow it.")
          .toException();
    }
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
        && (content(governed).models().containsKey(model) || route(governed, model).isPresent());
  }

  private enum Obstacle {
    MODEL,
    RESIDENCY,
    CREDENTIAL,
    PRICE
  }

  /** A deployment that could serve, before anybody has asked whether it may. */
  private record Offer(Model model, Deployment deployment, int group, int weight) {}

  private static List<Offer> offers(Governed governed, String asked, Optional<RouteRule> route) {
    Map<String, Model> models = content(governed).models();
    List<Offer> offers = new ArrayList<>();
    if (route.isEmpty()) {
      Model model = Objects.requireNonNull(models.get(asked)); // proven by requireAllowed
      for (Deployment deployment : model.deployments()) {
        offers.add(new Offer(model, deployment, 0, deployment.weight()));
      }
      return offers;
    }
    List<List<RouteTarget>> groups = route.get().groups();
    for (int group = 0; group < groups.size(); group++) {
      for (RouteTarget target : groups.get(group)) {
        offer(models, target, group).ifPresent(offers::add);
      }
    }
    return offers;
  }

  private static Optional<Offer> offer(Map<String, Model> models, RouteTarget target, int group) {
    return Optional.ofNullable(models.get(target.model()))
        .flatMap(model ->
            model
                .deployment(target.deployment())
                .map(deployment -> new Offer(model, deployment, group, target.weight())));
  }

  private List<Candidate> candidates(
      Governed governed, String asked, List<Offer> offers, Instant now) {
    EffectivePolicy policy = governed.policy().policy();
    List<Candidate> candidates = new ArrayList<>(offers.size());
    Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
    for (Offer offer : offers) {
      Deployment deployment = offer.deployment();
      if (!policy.mayUse(offer.model().name())) {
        obstacles.add(Obstacle.MODEL);
        continue;
      }
      Provider provider = content(governed).providers().get(deployment.provider());
      if (provider == null || !policy.mayBeIn(provider.region())) {
        obstacles.add(Obstacle.RESIDENCY);
        continue;
      }
      Credential credential =
          governed.identified().snapshot().credentials().get(provider.secretKey());
      if (credential == null || !credential.regions().contains(nodeRegion)) {
        obstacles.add(Obstacle.CREDENTIAL);
        continue;
      }
      Optional<Price> price = price(policy, offer.model(), deployment, now);
      if (price.isEmpty()) {
        obstacles.add(Obstacle.PRICE);
        continue;
      }
      candidates.add(
          new Candidate(
              offer.model(),
              deployment,
              provider,
              credential,
              price.get(),
              offer.group(),
              offer.weight()));
    }
    if (candidates.isEmpty()) {
      throw noCandidate(policy, asked, obstacles);
    }
    return List.copyOf(candidates);
  }

  private static Optional<Price> price(
      EffectivePolicy policy, Model model, Deployment deployment, Instant now) {
    return listedPrice(model, deployment, now)
        .or(() ->
            switch (policy.unknownPrice()) {
              case UnknownPrice.Refuse() -> Optional.empty();
              case UnknownPrice.Ceiling(var ceiling) -> Optional.of(Price.flat(ceiling));
            });
  }

  /** The price that somebody has stated for now, if anybody has. */
  static Optional<Price> listedPrice(Model model, Deployment deployment, Instant now) {
    return Price.at(deployment.prices().isEmpty() ? model.prices() : deployment.prices(), now);
  }

  private RefusedException noCandidate(
      EffectivePolicy policy, String model, Set<Obstacle> obstacles) {
    if (obstacles.contains(Obstacle.PRICE)) {
      return Refusal.ofField(
              Code.UNKNOWN_PRICE,
              "model",
              "The model " + model + " has no price now; the platform team has to set one.")
          .toException();
    }
    if (obstacles.contains(Obstacle.RESIDENCY)) {
      return residency(
          policy, "The model " + model + " is not to be had there; choose another model.");
    }
    if (obstacles.contains(Obstacle.CREDENTIAL)) {
      return Refusal.ofField(
              Code.RESIDENCY_DENIED,
              "model",
              "The credentials for the model %s may not be used in region %s; use the gateway of"
                      .formatted(model, nodeRegion)
                  + " another region.")
          .toException();
    }
    if (obstacles.contains(Obstacle.MODEL)) {
      return Refusal.ofField(
              Code.MODEL_NOT_ALLOWED,
              "model",
              "The route of %s leads only to models that are not allowed for this tenant; the platform"
                      .formatted(model)
                  + " team can allow one.")
          .toException();
    }
    return Refusal.ofField(
            Code.NO_DEPLOYMENT_AVAILABLE,
            "model",
            "The model " + model + " has no deployment; the platform team has to add one.")
        .toException();
  }

  private static RefusedException residency(EffectivePolicy policy, String remedy) {
    Set<String> regions = new TreeSet<>(policy.residency().orElse(Set.of()));
    return Refusal.of(
            Code.RESIDENCY_DENIED,
            "The tenant's requests may only be processed in %s. %s".formatted(regions, remedy))
        .toException();
  }
}
