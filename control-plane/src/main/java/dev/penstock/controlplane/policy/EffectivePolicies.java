package dev.penstock.controlplane.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.PolicyFold;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantRules;
import dev.penstock.kernel.policy.UnknownPrice;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Explains what binds a tenant: each value with the resources and ancestors it came from. */
@Singleton
public class EffectivePolicies {

  private final PolicyStates states;

  EffectivePolicies(PolicyStates states) {
    this.states = states;
  }

  /** The effective policy of a tenant as the admin API shows it. */
  @Transactional
  public ObjectNode explain(String tenant) {
    return explain(states.load(), tenant);
  }

  static ObjectNode explain(PolicyState state, String tenant) {
    List<TenantRules> path = new TenantPaths(state).to(tenant);
    if (path.isEmpty()) {
      throw ProblemException.notFound("tenant " + tenant + " does not exist");
    }
    EffectivePolicy policy = PolicyFold.fold(path);
    return new SpecWriter()
        .text("tenant", tenant)
        .statedTexts("path", policy.tenantPath())
        .node("models", models(policy, path))
        .node("residency", residency(policy, path))
        .node("unknownPrice", unknownPrice(policy, path))
        .node("tags", tags(policy, path))
        .node("requiredTags", requiredTags(policy, path))
        .node("budgets", budgets(state, policy))
        .done();
  }

  private static JsonNode models(EffectivePolicy policy, List<TenantRules> path) {
    return new SpecWriter()
        .statedTexts("value", policy.allowedModels().stream().sorted().toList())
        .node("from", policies(path, rules -> rules.allowedModels().isPresent()))
        .done();
  }

  private static JsonNode residency(EffectivePolicy policy, List<TenantRules> path) {
    SpecWriter residency = new SpecWriter();
    policy
        .residency()
        .ifPresentOrElse(
            regions -> residency.statedTexts("value", regions.stream().sorted().toList()),
            () -> residency.node("value", JsonNodeFactory.instance.nullNode()));
    return residency.node("from", policies(path, rules -> rules.regions().isPresent())).done();
  }

  private static JsonNode unknownPrice(EffectivePolicy policy, List<TenantRules> path) {
    JsonNode value =
        switch (policy.unknownPrice()) {
          case UnknownPrice.Refuse refuse -> TextNode.valueOf("refuse");
          case UnknownPrice.Ceiling ceiling ->
              new SpecWriter()
                  .text(
                      "ceilingPerMillionTokens",
                      new NanoUsd(ceiling.price().nanoUsdPerMillion()).toUsd())
                  .done();
        };
    Predicate<PolicyRules> decides =
        rules -> rules.unknownPrice().filter(policy.unknownPrice()::equals).isPresent();
    return new SpecWriter().node("value", value).node("from", policies(path, decides)).done();
  }

  private static JsonNode tags(EffectivePolicy policy, List<TenantRules> path) {
    SpecWriter tags = new SpecWriter();
    policy.tags().keySet().stream()
        .sorted()
        .forEach(tag ->
            tags.node(
                tag,
                new SpecWriter()
                    .text("value", policy.tags().getOrDefault(tag, ""))
                    // The lowest one that states it has overridden the others.
                    .nodes(
                        "from",
                        List.of(
                            path.reversed().stream()
                                .filter(rules -> rules.tags().containsKey(tag))
                                .map(EffectivePolicies::tenant)
                                .findFirst()
                                .orElseThrow()))
                    .done()));
    return tags.done();
  }

  private static JsonNode requiredTags(EffectivePolicy policy, List<TenantRules> path) {
    SpecWriter tags = new SpecWriter();
    for (String tag : policy.requiredTags().stream().sorted().toList()) {
      tags.node(
          tag,
          new SpecWriter()
              .node(
                  "from",
                  array(
                      path.stream().filter(rules -> rules.requiredTags().contains(tag)).toList(),
                      EffectivePolicies::tenant))
              .done());
    }
    return tags.done();
  }

  private static JsonNode budgets(PolicyState state, EffectivePolicy policy) {
    List<Budget> binding =
        policy.tenantPath().stream()
            .flatMap(tenant -> state.budgets().stream().filter(b -> b.tenant().equals(tenant)))
            .toList();
    return array(
        binding,
        budget ->
            new SpecWriter()
                .text("amount", budget.amount().toUsd())
                .node(
                    "scope",
                    new SpecWriter()
                        .text("apiKey", budget.apiKey())
                        .text("model", budget.model())
                        .done())
                .nodes(
                    "from",
                    List.of(
                        reference(
                            ResourceRef.ofTenant(Kind.BUDGET, budget.tenant(), budget.name()))))
                .done());
  }

  private static JsonNode policies(List<TenantRules> path, Predicate<PolicyRules> states) {
    return array(
        path.stream().filter(rules -> states.test(rules.policy())).toList(),
        rules -> reference(ResourceRef.ofTenant(Kind.POLICY, rules.name(), Policy.NAME)));
  }

  private static ObjectNode tenant(TenantRules rules) {
    return reference(ResourceRef.ofPlatform(Kind.TENANT, rules.name()));
  }

  private static ObjectNode reference(ResourceRef ref) {
    return new SpecWriter()
        .text("kind", ref.kind().label())
        .text("tenant", ref.tenant())
        .text("name", ref.name())
        .done();
  }

  private static <T> JsonNode array(List<T> items, Function<T, JsonNode> each) {
    return JsonNodeFactory.instance.arrayNode().addAll(items.stream().map(each).toList());
  }
}
