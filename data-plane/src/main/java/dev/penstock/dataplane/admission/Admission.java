package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.dialect.openai.chat.ChatRequest;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.exchange.Stage.Admitted;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The step {@code admit}: the request is read, and what is left of the model's deployments are
 * those that allow-list, residency and price permit. A later step only picks among them.
 */
public final class Admission {

  private static final String STEP = "admit";

  private final String nodeRegion;
  private final Clock clock;

  public Admission(String nodeRegion, Clock clock) {
    this.nodeRegion = nodeRegion;
    this.clock = clock;
  }

  public Future<Admitted> admit(Governed governed) {
    ExchangeTrace trace = governed.identified().arrived().trace();
    try {
      Admitted admitted = decide(governed, trace);
      trace.pass(
          STEP,
          "%d of %d deployments of %s"
              .formatted(
                  admitted.candidates().size(),
                  admitted.model().deployments().size(),
                  admitted.model().name()));
      return Future.succeededFuture(admitted);
    } catch (RefusedException refused) {
      trace.deny(STEP, refused.refusal().code().text());
      return Future.failedFuture(refused);
    }
  }

  private Admitted decide(Governed governed, ExchangeTrace trace) {
    ChatRequest request = read(governed);
    trace.asked(request.model(), request.stream());
    governed.identified().arrived().client().named(request.clientId());
    EffectivePolicy policy = governed.policy().policy();
    requireTags(policy, trace);
    Model model = allowedModel(governed, request.model());
    trace.resolvedModel(model.name());
    if (!policy.mayBeIn(nodeRegion)) {
      throw residency(
          policy,
          "This gateway node is in region "
              + nodeRegion
              + "; use the gateway of an allowed region.");
    }
    return new Admitted(governed, request, model, candidates(governed, model));
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

  private static Model allowedModel(Governed governed, String name) {
    Model model = governed.identified().snapshot().content().models().get(name);
    if (model == null) {
      throw Refusal.ofField(
              Code.MODEL_NOT_FOUND,
              "model",
              "There is no model of this name; GET /v1/models lists those that the key may use.")
          .toException();
    }
    if (!mayUse(governed, name)) {
      throw Refusal.ofField(
              Code.MODEL_NOT_ALLOWED,
              "model",
              "The model "
                  + name
                  + " is not allowed for this key; GET /v1/models lists those that are, and the"
                  + " platform team can allow it.")
          .toException();
    }
    return model;
  }

  /** Whether tenant and key both allow a model. */
  public static boolean mayUse(Governed governed, String model) {
    KeyRule key = governed.identified().key();
    return governed.policy().policy().allowedModels().contains(model)
        && (key.models().isEmpty() || key.models().contains(model));
  }

  private enum Obstacle {
    RESIDENCY,
    CREDENTIAL,
    PRICE
  }

  private List<Candidate> candidates(Governed governed, Model model) {
    EffectivePolicy policy = governed.policy().policy();
    List<Candidate> candidates = new ArrayList<>(model.deployments().size());
    Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
    Instant now = clock.instant();
    for (Deployment deployment : model.deployments()) {
      Provider provider =
          governed.identified().snapshot().content().providers().get(deployment.provider());
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
      Optional<Price> price = price(policy, model, deployment, now);
      if (price.isEmpty()) {
        obstacles.add(Obstacle.PRICE);
        continue;
      }
      candidates.add(new Candidate(deployment, provider, credential, price.get()));
    }
    if (candidates.isEmpty()) {
      throw noCandidate(policy, model, obstacles);
    }
    return List.copyOf(candidates);
  }

  private static Optional<Price> price(
      EffectivePolicy policy, Model model, Deployment deployment, Instant now) {
    List<Price> prices = deployment.prices().isEmpty() ? model.prices() : deployment.prices();
    return Price.at(prices, now)
        .or(() ->
            switch (policy.unknownPrice()) {
              case UnknownPrice.Refuse() -> Optional.empty();
              case UnknownPrice.Ceiling(var ceiling) -> Optional.of(Price.flat(ceiling));
            });
  }

  private RefusedException noCandidate(
      EffectivePolicy policy, Model model, Set<Obstacle> obstacles) {
    if (obstacles.contains(Obstacle.PRICE)) {
      return Refusal.ofField(
              Code.UNKNOWN_PRICE,
              "model",
              "The model " + model.name() + " has no price now; the platform team has to set one.")
          .toException();
    }
    if (obstacles.contains(Obstacle.RESIDENCY)) {
      return residency(
          policy, "The model " + model.name() + " is not to be had there; choose another model.");
    }
    if (obstacles.contains(Obstacle.CREDENTIAL)) {
      return Refusal.ofField(
              Code.RESIDENCY_DENIED,
              "model",
              "The credentials for the model %s may not be used in region %s; use the gateway of"
                      .formatted(model.name(), nodeRegion)
                  + " another region.")
          .toException();
    }
    return Refusal.ofField(
            Code.NO_DEPLOYMENT_AVAILABLE,
            "model",
            "The model " + model.name() + " has no deployment; the platform team has to add one.")
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
