package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.ListPrices;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.Unscannable;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.PolicyMode;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyFeatures;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.kernel.snapshot.ServiceAccount;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiles the state into what the nodes of one region serve from. Pure: the same state and keys
 * give the same content.
 *
 * <p>Of a tenant that may not be in the region there are only hashes of its keys and of its service
 * accounts, under an alias, so that a node can say clearly that it may not be served there; no
 * name, tag, model or budget of it gets that far. A region gets those credentials that a provider
 * needs and that may be held there; a provider whose credential may not be comes without one.
 */
final class SnapshotCompiler {

  private final String region;
  private final PolicyState state;
  private final DeliveryKey deliveryKey;
  private final UnaryOperator<String> aliases;
  private final Folds folds;
  private final Map<String, String> modelOf;
  private final Map<String, List<PolicyContent.BudgetRule>> budgets = new HashMap<>(); // as needed

  SnapshotCompiler(
      String region, Folds folds, DeliveryKey deliveryKey, UnaryOperator<String> aliases) {
    this.region = region;
    this.folds = folds;
    state = folds.state();
    modelOf = modelOf(state);
    this.deliveryKey = deliveryKey;
    this.aliases = aliases;
  }

  static PolicyContent compile(
      String region,
      Folds folds,
      Map<Integer, byte[]> peppers,
      DeliveryKey deliveryKey,
      UnaryOperator<String> aliases) {
    return new SnapshotCompiler(region, folds, deliveryKey, aliases).run(peppers);
  }

  private PolicyContent run(Map<Integer, byte[]> peppers) {
    Map<Integer, PolicyContent.SealedPepper> sealedPeppers = new HashMap<>();
    peppers.forEach((version, pepper) ->
        sealedPeppers.put(
            version,
            new PolicyContent.SealedPepper(
                version, deliveryKey.seal(ResourceKeys.pepper(version), pepper))));
    PolicyContent catalogue = catalogue();
    PolicyContent tenants = tenants(state.tree().byName().keySet());
    return new PolicyContent(
        tenants.tenants(),
        tenants.keysById(),
        catalogue.models(),
        catalogue.providers(),
        catalogue.secrets(),
        sealedPeppers,
        tenants.routes(),
        tenants.guards());
  }

  /** What tenants share: models, providers and secrets, and nothing else. */
  PolicyContent catalogue() {
    Map<String, Secret> secretsHere = secretsHere();
    Map<String, PolicyContent.SealedSecret> sealed = new HashMap<>();
    secretsHere.forEach((key, secret) -> sealed.put(key, seal(key, secret)));
    return new PolicyContent(
        Map.of(),
        Map.of(),
        byName(state.models(), Model::name, this::model),
        byName(state.providers(), Provider::name, each -> provider(each, secretsHere.keySet())),
        sealed,
        Map.of(),
        Map.of());
  }

  private Map<String, Secret> secretsHere() {
    Set<String> needed =
        state.providers().stream().map(SnapshotCompiler::secretKey).collect(Collectors.toSet());
    return state.secrets().stream()
        .filter(secret -> secret.regions().contains(region) && needed.contains(keyOf(secret)))
        .collect(Collectors.toMap(SnapshotCompiler::keyOf, Function.identity()));
  }

  /** Of these tenants, as far as they exist, what they own, and nothing else. */
  private PolicyContent tenants(Collection<String> names) {
    Map<String, PolicyContent.TenantPolicy> policies = new HashMap<>();
    Map<String, PolicyContent.KeyRule> keys = new HashMap<>();
    Map<String, Map<String, PolicyContent.RouteRule>> routes = new HashMap<>();
    Map<String, Map<String, Guard>> guards = new HashMap<>();
    for (String name : names) {
      Optional<PolicyContent.TenantPolicy> here = tenant(name);
      if (here.isPresent()) {
        policies.put(here.get().tenant(), here.get());
        keys(name, here.get(), keys);
        routes(name, here.get(), routes);
        guards(name, here.get(), guards);
      }
    }
    return new PolicyContent(
        policies, keys, Map.of(), Map.of(), Map.of(), Map.of(), routes, guards);
  }

  /** Adds the keys of a tenant. */
  void keys(
      String tenant,
      PolicyContent.TenantPolicy owner,
      Map<String, PolicyContent.KeyRule> keysById) {
    state.keysOf(tenant).forEach(key -> keysById.put(key.id(), key(key, owner)));
  }

  /** Adds the routes of a tenant, if it has any and may be here. */
  void routes(
      String tenant,
      PolicyContent.TenantPolicy owner,
      Map<String, Map<String, PolicyContent.RouteRule>> byTenant) {
    List<Route> stated = state.routesOf(tenant);
    if (!stated.isEmpty() && !TenantAlias.isAlias(owner.tenant())) {
      byTenant.put(
          tenant,
          stated.stream().collect(Collectors.toMap(Route::model, each -> route(each, modelOf))));
    }
  }

  /** Adds the guards of a tenant, if it has any and may be here. */
  void guards(
      String tenant, PolicyContent.TenantPolicy owner, Map<String, Map<String, Guard>> byTenant) {
    List<StatedGuard> stated = state.guardsOf(tenant);
    if (!stated.isEmpty() && !TenantAlias.isAlias(owner.tenant())) {
      byTenant.put(
          tenant,
          stated.stream().collect(Collectors.toMap(StatedGuard::name, StatedGuard::compile)));
    }
  }

  /** The models of the deployments. */
  static Map<String, String> modelOf(PolicyState state) {
    Map<String, String> modelOf = new HashMap<>();
    state
        .models()
        .forEach(model ->
            model
                .deployments()
                .forEach(deployment -> modelOf.put(deployment.name(), model.name())));
    return modelOf;
  }

  private static PolicyContent.RouteRule route(Route route, Map<String, String> modelOf) {
    return new PolicyContent.RouteRule(
        route.tenant(),
        route.name(),
        route.model(),
        route.groups().stream()
            .map(group ->
                group.stream()
                    .map(target ->
                        new PolicyContent.RouteTarget(
                            modelOf.getOrDefault(target.deployment(), ""),
                            target.deployment(),
                            target.weight()))
                    .toList())
            .toList(),
        route.timeouts(),
        route.retry(),
        route.unsupportedFields());
  }

  private static <T, R> Map<String, R> byName(
      List<T> items, Function<T, String> name, Function<T, R> compile) {
    return items.stream().collect(Collectors.toMap(name, compile));
  }

  /** What binds a tenant, under an alias where it may not be here; empty if there is no such. */
  Optional<PolicyContent.TenantPolicy> tenant(String name) {
    if (state.tree().find(name).isEmpty()) {
      return Optional.empty();
    }
    EffectivePolicy policy = folds.of(name);
    if (!policy.mayBeIn(region)) {
      return Optional.of(elsewhere(name, policy));
    }
    List<PolicyContent.BudgetRule> binding =
        policy.tenantPath().stream().flatMap(each -> budgetsOf(each).stream()).toList();
    List<PolicyContent.RateLimitRule> limits =
        policy.tenantPath().stream().flatMap(each -> rateLimitsOf(each).stream()).toList();
    return Optional.of(
        new PolicyContent.TenantPolicy(
            name,
            policy,
            binding,
            limits,
            requires(policy, guardsOf(policy), binding, limits),
            programs(name)
                .map(member ->
                    new ServiceAccount(
                        ServiceAccount.hashOf(member.clientId()), name, member.name()))
                .toList()));
  }

  private Stream<Member> programs(String tenant) {
    return state.membersOf(tenant).stream().filter(Member::serviceAccount);
  }

  private List<PolicyContent.RateLimitRule> rateLimitsOf(String tenant) {
    boolean observed =
        state
            .policyOf(tenant)
            .filter(each -> each.rules().mode() == PolicyMode.OBSERVE)
            .isPresent();
    return state.rateLimitsOf(tenant).stream().map(limit -> rateLimit(limit, observed)).toList();
  }

  private static PolicyContent.RateLimitRule rateLimit(RateLimit limit, boolean observed) {
    return new PolicyContent.RateLimitRule(
        limit.tenant(),
        limit.name(),
        limit.apiKey(),
        limit.model(),
        limit.requestsPerMinute().orElse(0L),
        limit.tokensPerMinute().orElse(0L),
        limit.concurrentStreams().orElse(0L),
        observed);
  }

  private List<PolicyContent.BudgetRule> budgetsOf(String tenant) {
    return budgets.computeIfAbsent(
        tenant, name -> state.budgetsOf(name).stream().map(Budget::rule).toList());
  }

  /** Enough to refuse with the right reason. */
  private PolicyContent.TenantPolicy elsewhere(String tenant, EffectivePolicy policy) {
    String alias = aliases.apply(tenant);
    EffectivePolicy bare =
        new EffectivePolicy(
            List.of(alias),
            Set.of(),
            policy.residency(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse(),
            ObservedRules.NONE,
            policy.suspendedBy().map(suspended -> alias),
            Optional.empty());
    return new PolicyContent.TenantPolicy(
        alias,
        bare,
        List.of(),
        List.of(),
        Set.of(PolicyFeatures.MODELS, PolicyFeatures.RESIDENCY),
        programs(tenant)
            .map(member -> new ServiceAccount(ServiceAccount.hashOf(member.clientId()), alias, ""))
            .toList());
  }

  /** Those that bind; one that nobody has is found missing by the check of the snapshot. */
  private List<StatedGuard> guardsOf(EffectivePolicy policy) {
    return policy.guards().stream()
        .flatMap(ref ->
            state.guardsOf(ref.tenant()).stream().filter(each -> each.name().equals(ref.name())))
        .toList();
  }

  private static Set<String> requires(
      EffectivePolicy policy,
      List<StatedGuard> guards,
      List<PolicyContent.BudgetRule> budgets,
      List<PolicyContent.RateLimitRule> rateLimits) {
    Set<String> features = new HashSet<>();
    features.add(PolicyFeatures.MODELS);
    if (policy.residency().isPresent()) {
      features.add(PolicyFeatures.RESIDENCY);
    }
    if (!policy.requiredTags().isEmpty()) {
      features.add(PolicyFeatures.REQUIRED_TAGS);
    }
    if (!budgets.isEmpty()) {
      features.add(PolicyFeatures.BUDGETS);
    }
    if (budgets.stream().anyMatch(budget -> budget.scope().isFine())) {
      features.add(PolicyFeatures.BUDGET_SCOPES);
    }
    if (budgets.stream().anyMatch(budget -> !budget.downgrades().isEmpty())) {
      features.add(PolicyFeatures.BUDGET_ROUTES);
    }
    if (!rateLimits.isEmpty()) {
      features.add(PolicyFeatures.RATE_LIMITS);
    }
    if (policy.unknownPrice() instanceof UnknownPrice.Ceiling) {
      features.add(PolicyFeatures.UNKNOWN_PRICE_CEILING);
    }
    if (!policy.observed().equals(ObservedRules.NONE)) {
      features.add(PolicyFeatures.OBSERVE);
    }
    if (!policy.guards().isEmpty()) {
      features.add(PolicyFeatures.INPUT_GUARDS);
    }
    if (guards.stream().anyMatch(guard -> guard.unscannable() == Unscannable.REFUSE)) {
      features.add(PolicyFeatures.UNSCANNABLE);
    }
    if (policy.maxStaleness().isPresent()) {
      features.add(PolicyFeatures.MAX_STALENESS);
    }
    if (policy.hipaa()) {
      features.add(PolicyFeatures.HIPAA);
    }
    return features;
  }

  /**
   * A suspended tenant's keys travel as revoked: any node refuses them, and ends their streams.
   *
   * @param owner the compiled policy of the key's tenant
   */
  private static PolicyContent.KeyRule key(StoredKey key, PolicyContent.TenantPolicy owner) {
    boolean suspended = owner.policy().suspendedBy().isPresent();
    if (TenantAlias.isAlias(owner.tenant())) {
      return new PolicyContent.KeyRule(
          key.id(),
          key.hash(),
          key.pepperVersion(),
          owner.tenant(),
          "",
          Set.of(),
          Map.of(),
          key.expiresAt().map(Instant::toEpochMilli).orElse(0L),
          key.revoked() || suspended);
    }
    return new PolicyContent.KeyRule(
        key.id(),
        key.hash(),
        key.pepperVersion(),
        key.tenant(),
        key.name(),
        // A revoked key is kept for its answer alone, and there are ever more of them.
        key.revoked() ? Set.of() : new TreeSet<>(key.models()),
        key.revoked() ? Map.of() : key.tags(),
        key.expiresAt().map(Instant::toEpochMilli).orElse(0L),
        key.revoked() || suspended);
  }

  private PolicyContent.Model model(Model model) {
    return new PolicyContent.Model(
        model.name(),
        model.contextTokens().orElse(0L),
        model.maxOutputTokens().orElse(0L),
        model.prices(),
        model.deployments().stream().map(each -> deployment(model, each)).toList(),
        model.traitsForNodes());
  }

  private PolicyContent.Deployment deployment(Model model, Deployment deployment) {
    boolean stated = !model.prices().isEmpty() || !deployment.prices().isEmpty();
    return new PolicyContent.Deployment(
        deployment.name(),
        deployment.provider(),
        deployment.upstreamModel(),
        deployment.weight(),
        stated ? deployment.prices() : listPrices(deployment));
  }

  private List<Price> listPrices(Deployment deployment) {
    return state.providers().stream()
        .filter(each -> each.name().equals(deployment.provider()))
        .findFirst()
        .map(each -> ListPrices.at(each.baseUrl(), deployment.upstreamModel()))
        .orElse(List.of());
  }

  private static PolicyContent.Provider provider(Provider provider, Set<String> secretsHere) {
    String key = secretKey(provider);
    return new PolicyContent.Provider(
        provider.name(),
        provider.protocol(),
        provider.apiVersion().orElse(""),
        provider.baseUrl(),
        provider.region().orElse(""),
        secretsHere.contains(key) ? key : "",
        new TreeSet<>(provider.compliance()),
        provider.onClientGone(),
        provider.compatibility());
  }

  private PolicyContent.SealedSecret seal(String key, Secret secret) {
    return new PolicyContent.SealedSecret(
        secret.tenant(),
        secret.name(),
        secret.version(),
        deliveryKey.seal(key, secret.value().bytes()),
        new TreeSet<>(secret.regions()));
  }

  private static String secretKey(Provider provider) {
    return ResourceKeys.secret(provider.secretTenant(), provider.secretName());
  }

  private static String keyOf(Secret secret) {
    return ResourceKeys.secret(secret.tenant(), secret.name());
  }
}
