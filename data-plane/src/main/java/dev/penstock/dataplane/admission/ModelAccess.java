package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.ModelGate;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether somebody may use a model here, and through which deployments. A function of the snapshot
 * and the question: the same for an exchange and for a probe.
 */
final class ModelAccess {

  private final String nodeRegion;

  ModelAccess(String nodeRegion) {
    this.nodeRegion = nodeRegion;
  }

  /**
   * Who asks for what.
   *
   * @param models which models the caller may use
   * @param tags names of the tags that it carries
   */
  record Question(
      ServingSnapshot snapshot,
      EffectivePolicy policy,
      ModelGate models,
      Set<String> tags,
      String model) {

    PolicyContent content() {
      return snapshot.content();
    }
  }

  /**
   * The route of the model, if it has one.
   *
   * @throws RefusedException where the tenant may not be here, a guard that HIPAA mode asks for or
   *     a tag is missing, or there is no such model
   */
  Optional<RouteRule> find(Question question) {
    EffectivePolicy policy = question.policy();
    if (!policy.mayBeIn(nodeRegion)) {
      throw residency(
          policy,
          "This gateway node is in region "
              + nodeRegion
              + "; use the gateway of an allowed region.");
    }
    HipaaTerms.requireGuards(question);
    requireTags(question);
    Optional<RouteRule> route = question.content().route(policy.tenantPath(), question.model());
    if (route.isEmpty() && !question.content().models().containsKey(question.model())) {
      throw Refusal.ofField(
              Code.MODEL_NOT_FOUND,
              "model",
              "There is no model of this name; GET /v1/models lists those that the key may use.")
          .toException();
    }
    return route;
  }

  /**
   * The deployments through which the model may be used, in the order of the route or the
   * catalogue; never empty.
   *
   * @param route what {@link #find} gave
   * @throws RefusedException where the model is not allowed, or none of its deployments is
   */
  List<Candidate> candidates(Question question, Optional<RouteRule> route, Instant now) {
    if (!question.models().mayUse(question.model())) {
      throw Refusal.ofField(
              Code.MODEL_NOT_ALLOWED,
              "model",
              "The model "
                  + question.model()
                  + " is not allowed for this key; GET /v1/models lists those that are, and the"
                  + " platform team can allow it.")
          .toException();
    }
    return candidates(question, offers(question, route), now);
  }

  private static void requireTags(Question question) {
    Set<String> missing = new TreeSet<>(question.policy().requiredTags());
    missing.removeAll(question.tags());
    if (!missing.isEmpty()) {
      throw Refusal.of(
              Code.TAG_REQUIRED,
              "The tenant requires the tags %s, which neither the API key nor the tenant carries; use"
                      .formatted(missing)
                  + " a key that has them.")
          .toException();
    }
  }

  private enum Obstacle {
    MODEL,
    RESIDENCY,
    CREDENTIAL,
    HIPAA,
    PRICE
  }

  /** A deployment that could serve, before anybody has asked whether it may. */
  private record Offer(Model model, Deployment deployment, int group, int weight) {}

  private static List<Offer> offers(Question question, Optional<RouteRule> route) {
    Map<String, Model> models = question.content().models();
    List<Offer> offers = new ArrayList<>();
    if (route.isEmpty()) {
      Model model = Objects.requireNonNull(models.get(question.model())); // proven by find
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

  private List<Candidate> candidates(Question question, List<Offer> offers, Instant now) {
    EffectivePolicy policy = question.policy();
    List<Candidate> candidates = new ArrayList<>(offers.size());
    Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
    for (Offer offer : offers) {
      Deployment deployment = offer.deployment();
      if (!policy.mayUse(offer.model().name())) {
        obstacles.add(Obstacle.MODEL);
        continue;
      }
      Provider provider = question.content().providers().get(deployment.provider());
      if (provider == null || !policy.mayBeIn(provider.region())) {
        obstacles.add(Obstacle.RESIDENCY);
        continue;
      }
      Credential credential = question.snapshot().credentials().get(provider.secretKey());
      if (credential == null || !credential.regions().contains(nodeRegion)) {
        obstacles.add(Obstacle.CREDENTIAL);
        continue;
      }
      if (!HipaaTerms.mayServe(policy, provider)) {
        obstacles.add(Obstacle.HIPAA);
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
      throw noCandidate(policy, question.model(), obstacles);
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
    if (obstacles.contains(Obstacle.HIPAA)) {
      return HipaaTerms.noProvider(model);
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
