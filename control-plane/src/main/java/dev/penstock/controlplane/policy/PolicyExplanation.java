package dev.penstock.controlplane.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.ScopeText;
import dev.penstock.controlplane.guard.Guards;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.ledger.BudgetWindow;
import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.ratelimit.RateLimits;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.Hipaa;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.PolicyFold;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantRules;
import dev.penstock.kernel.policy.UnknownPrice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An effective policy as JSON. {@code value} and {@code from} are what is enforced; {@code
 * observed}, where it stands, is what is only recorded, in the same shape.
 */
final class PolicyExplanation {

  private static final String VALUE = "value";
  private static final String FROM = "from";
  private static final String OBSERVED = "observed";

  private final List<TenantRules> path;
  private final Map<Budget, Optional<BudgetWindow>> budgets;
  private final List<RateLimit> rateLimits;
  private final List<StatedGuard> guards;
  private final EffectivePolicy policy;

  PolicyExplanation(
      List<TenantRules> path,
      Map<Budget, Optional<BudgetWindow>> budgets,
      List<RateLimit> rateLimits,
      List<StatedGuard> guards) {
    this.path = path;
    this.budgets = budgets;
    this.rateLimits = rateLimits;
    this.guards = guards;
    policy = PolicyFold.fold(path);
  }

  ObjectNode write() {
    return new SpecWriter()
        .text("tenant", path.getLast().name())
        .statedTexts("path", policy.tenantPath())
        .node("mode", mode())
        .node("suspended", suspended())
        .node("models", models())
        .node("residency", residency())
        .node("unknownPrice", unknownPrice())
        .node("maxStaleness", maxStaleness())
        .node("hipaa", hipaa())
        .node("tags", tags())
        .node("requiredTags", requiredTags())
        .node("guards", guards())
        .node("budgets", budgets())
        .node("rateLimits", rateLimits())
        .done();
  }

  /** Of the tenant's own statements; those of its ancestors have modes of their own. */
  private ObjectNode mode() {
    TenantRules own = path.getLast();
    return value(TextNode.valueOf(Policies.word(own.policy().mode())))
        .node(FROM, array(own.enforces() ? List.of() : List.of(own), PolicyExplanation::policyOf))
        .done();
  }

  private ObjectNode suspended() {
    List<TenantRules> by = path.stream().filter(TenantRules::suspended).toList();
    return value(BooleanNode.valueOf(policy.suspendedBy().isPresent()))
        .node(FROM, array(by, PolicyExplanation::tenantOf))
        .done();
  }

  private ObjectNode models() {
    ObservedRules observed = policy.observed();
    return rule(
        observed.anyModel() ? Optional.empty() : Optional.of(policy.allowedModels()),
        observed.allowedModels(),
        rules -> rules.allowedModels().isPresent());
  }

  private ObjectNode residency() {
    return rule(
        policy.residency(), policy.observed().residency(), rules -> rules.regions().isPresent());
  }

  private ObjectNode rule(
      Optional<Set<String>> enforced,
      Optional<Set<String>> observed,
      Predicate<PolicyRules> states) {
    SpecWriter rule = value(names(enforced)).node(FROM, policies(true, states));
    observed.ifPresent(names ->
        rule.node(
            OBSERVED, value(names(Optional.of(names))).node(FROM, policies(false, states)).done()));
    return rule.done();
  }

  private ObjectNode unknownPrice() {
    SpecWriter rule =
        value(price(policy.unknownPrice()))
            .node(FROM, policies(true, states(policy.unknownPrice())));
    policy
        .observed()
        .unknownPrice()
        .ifPresent(price ->
            rule.node(
                OBSERVED, value(price(price)).node(FROM, policies(false, states(price))).done()));
    return rule.done();
  }

  /** The shortest on the path; null where the node's own limit alone holds. */
  private ObjectNode maxStaleness() {
    List<TenantRules> from =
        path.stream()
            .filter(rules ->
                policy.maxStaleness().isPresent()
                    && (rules.policy().maxStaleness().equals(policy.maxStaleness())
                        || isMostOfHipaa(rules)))
            .toList();
    JsonNode most =
        policy
            .maxStaleness()
            .<JsonNode>map(each -> TextNode.valueOf(Durations.format(each)))
            .orElseGet(JsonNodeFactory.instance::nullNode);
    return value(most).node(FROM, array(from, PolicyExplanation::policyOf)).done();
  }

  private boolean isMostOfHipaa(TenantRules rules) {
    return rules.policy().hipaa()
        && policy.maxStaleness().equals(Optional.of(Hipaa.MOST_STALENESS));
  }

  /** In either mode of a tenant; with the sides whose guards are missing, if any are. */
  private ObjectNode hipaa() {
    List<TenantRules> by = path.stream().filter(rules -> rules.policy().hipaa()).toList();
    SpecWriter hipaa =
        value(BooleanNode.valueOf(policy.hipaa()))
            .node(FROM, array(by, PolicyExplanation::policyOf));
    if (policy.hipaa()) {
      hipaa.texts(
          "unguarded",
          Hipaa.unguarded(policy.guards(), guard -> guard(guard).map(StatedGuard::searched))
              .stream()
              .map(Side::word)
              .toList());
    }
    return hipaa.done();
  }

  private Optional<StatedGuard> guard(GuardRef ref) {
    return guards.stream()
        .filter(each -> each.tenant().equals(ref.tenant()) && each.name().equals(ref.name()))
        .findFirst();
  }

  private static Predicate<PolicyRules> states(UnknownPrice price) {
    return rules -> rules.unknownPrice().filter(price::equals).isPresent();
  }

  private static JsonNode price(UnknownPrice price) {
    return switch (price) {
      case UnknownPrice.Refuse refuse -> TextNode.valueOf("refuse");
      case UnknownPrice.Ceiling(var ceiling) ->
          new SpecWriter()
              .text("ceilingPerMillionTokens", new NanoUsd(ceiling.nanoUsdPerMillion()).toUsd())
              .done();
    };
  }

  private ObjectNode tags() {
    SpecWriter tags = new SpecWriter();
    policy.tags().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(tag ->
            tags.node(
                tag.getKey(),
                value(TextNode.valueOf(tag.getValue()))
                    .node(
                        FROM, array(List.of(lowestWith(tag.getKey())), PolicyExplanation::tenantOf))
                    .done()));
    return tags.done();
  }

  /** The lowest one that states a tag has overridden the others. */
  private TenantRules lowestWith(String tag) {
    return path.reversed().stream()
        .filter(rules -> rules.tags().containsKey(tag))
        .findFirst()
        .orElseThrow();
  }

  private ObjectNode requiredTags() {
    List<String> names = new ArrayList<>(policy.requiredTags());
    names.addAll(policy.observed().requiredTags());
    SpecWriter tags = new SpecWriter();
    for (String tag : names.stream().sorted().toList()) {
      boolean enforced = policy.requiredTags().contains(tag);
      List<TenantRules> from =
          path.stream()
              .filter(rules -> rules.enforces() == enforced && rules.requiredTags().contains(tag))
              .toList();
      SpecWriter entry = new SpecWriter().node(FROM, array(from, PolicyExplanation::tenantOf));
      tags.node(tag, (enforced ? entry : entry.flag(OBSERVED, true)).done());
    }
    return tags.done();
  }

  /** Each guard, what it does, and the policies on the path that name it. */
  private JsonNode guards() {
    return array(
        policy.guards(),
        guard -> {
          SpecWriter entry =
              new SpecWriter()
                  .node(
                      VALUE,
                      reference(ResourceRef.ofTenant(Kind.GUARD, guard.tenant(), guard.name())));
          guard(guard).ifPresent(each -> Guards.outline(each, entry));
          return entry
              .flag(OBSERVED, guard.observed())
              .node(FROM, array(naming(guard), PolicyExplanation::policyOf))
              .done();
        });
  }

  /** Of the tenants that name a guard of this name those that mean this one. */
  private List<TenantRules> naming(GuardRef guard) {
    List<TenantRules> naming = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).policy().guards().contains(guard.name())
          && PolicyFold.ownerOf(guard.name(), path.subList(0, i + 1)).equals(guard.tenant())) {
        naming.add(path.get(i));
      }
    }
    return naming;
  }

  private JsonNode budgets() {
    return array(
        List.copyOf(budgets.keySet()),
        budget -> {
          SpecWriter entry =
              new SpecWriter()
                  .text("amount", budget.amount().toUsd())
                  .node("scope", ScopeText.write(budget.scope()))
                  .nodes(
                      FROM,
                      List.of(
                          reference(
                              ResourceRef.ofTenant(Kind.BUDGET, budget.tenant(), budget.name()))));
          Optional.ofNullable(budgets.get(budget))
              .flatMap(window -> window)
              .ifPresent(window -> entry.node("window", window(window)));
          return entry.done();
        });
  }

  /** What a limit states, as its manifest has it. */
  private JsonNode rateLimits() {
    return array(
        rateLimits,
        limit -> {
          SpecWriter entry = new SpecWriter().node("scope", RateLimits.scope(limit));
          RateLimits.numbers(limit).forEach((field, value) -> entry.node(field, value));
          if (!enforces(limit.tenant())) {
            entry.flag(OBSERVED, true);
          }
          return entry
              .nodes(
                  FROM,
                  List.of(
                      reference(
                          ResourceRef.ofTenant(Kind.RATE_LIMIT, limit.tenant(), limit.name()))))
              .done();
        });
  }

  private boolean enforces(String tenant) {
    return path.stream()
        .filter(rules -> rules.name().equals(tenant))
        .allMatch(TenantRules::enforces);
  }

  /** Nano-USD as strings of digits; {@code left} is what is neither spent nor in doubt. */
  private static ObjectNode window(BudgetWindow window) {
    return new SpecWriter()
        .text("startsAt", window.period().startsAt().toString())
        .text("endsAt", window.period().endsAt().toString())
        .text("limit", Long.toString(window.limit()))
        .text("spent", Long.toString(window.spent()))
        .text("leased", Long.toString(window.leased()))
        .text("left", Long.toString(window.available() + window.leased()))
        .done();
  }

  private JsonNode policies(boolean enforcing, Predicate<PolicyRules> states) {
    return array(
        path.stream()
            .filter(rules -> rules.enforces() == enforcing && states.test(rules.policy()))
            .toList(),
        PolicyExplanation::policyOf);
  }

  private static ObjectNode policyOf(TenantRules rules) {
    return reference(ResourceRef.ofTenant(Kind.POLICY, rules.name(), Policy.NAME));
  }

  private static ObjectNode tenantOf(TenantRules rules) {
    return reference(ResourceRef.ofPlatform(Kind.TENANT, rules.name()));
  }

  private static ObjectNode reference(ResourceRef ref) {
    return new SpecWriter()
        .text("kind", ref.kind().label())
        .text("tenant", ref.tenant())
        .text("name", ref.name())
        .done();
  }

  private static SpecWriter value(JsonNode value) {
    return new SpecWriter().node(VALUE, value);
  }

  /** Sorted names; null where there is no rule. */
  private static JsonNode names(Optional<Set<String>> names) {
    return names
        .<JsonNode>map(set -> array(set.stream().sorted().toList(), TextNode::valueOf))
        .orElseGet(JsonNodeFactory.instance::nullNode);
  }

  private static <T> JsonNode array(List<T> items, Function<T, ? extends JsonNode> each) {
    return JsonNodeFactory.instance.arrayNode().addAll(items.stream().map(each).toList());
  }
}
