package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.catalogue.PriceVersion;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.TenantPaths;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.PolicyFold;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyFeatures;
import dev.penstock.kernel.snapshot.ResourceKeys;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the state into what the nodes of one region serve from. Pure: the same state and keys
 * give the same content.
 *
 * <p>Of a tenant that may not be in the region there are only its keys' hashes, under an alias, so
 * that a node can say clearly that it may not be served there; no name, tag, model or budget of it
 * gets that far. A region gets those credentials that a provider needs and that may be held there;
 * a provider whose credential may not be comes without one.
 */
final class SnapshotCompiler {

  private final String region;
  private final PolicyState state;
  private final DeliveryKey deliveryKey;
  private final UnaryOperator<String> aliases;
  private final Map<String, Secret> secretsHere;

  private SnapshotCompiler(
      String region, PolicyState state, DeliveryKey deliveryKey, UnaryOperator<String> aliases) {
    this.region = region;
    this.state = state;
    this.deliveryKey = deliveryKey;
    this.aliases = aliases;
    Set<String> needed =
        state.providers().stream().map(SnapshotCompiler::secretKey).collect(Collectors.toSet());
    secretsHere =
        state.secrets().stream()
            .filter(secret -> secret.regions().contains(region) && needed.contains(keyOf(secret)))
            .collect(Collectors.toMap(SnapshotCompiler::keyOf, Function.identity()));
  }

  static PolicyContent compile(
      String region,
      PolicyState state,
      Map<Integer, byte[]> peppers,
      DeliveryKey deliveryKey,
      UnaryOperator<String> aliases) {
    return new SnapshotCompiler(region, state, deliveryKey, aliases).run(peppers);
  }

  private PolicyContent run(Map<Integer, byte[]> peppers) {
    Map<String, PolicyContent.SealedSecret> sealed = new HashMap<>();
    secretsHere.forEach((key, secret) -> sealed.put(key, seal(key, secret)));
    Map<Integer, PolicyContent.SealedPepper> sealedPeppers = new HashMap<>();
    peppers.forEach((version, pepper) ->
        sealedPeppers.put(
            version,
            new PolicyContent.SealedPepper(
                version, deliveryKey.seal(ResourceKeys.pepper(version), pepper))));
    Map<String, PolicyContent.TenantPolicy> tenants = tenants();
    return new PolicyContent(
        tenants,
        byName(state.keys(), StoredKey::id, key -> key(key, ownerOf(key, tenants))),
        byName(state.models(), Model::name, SnapshotCompiler::model),
        byName(state.providers(), Provider::name, this::provider),
        sealed,
        sealedPeppers,
        routes(tenants.keySet()));
  }

  private PolicyContent.@Nullable TenantPolicy ownerOf(
      StoredKey key, Map<String, PolicyContent.TenantPolicy> tenants) {
    PolicyContent.TenantPolicy here = tenants.get(key.tenant());
    return here == null ? tenants.get(aliases.apply(key.tenant())) : here;
  }

  private Map<String, Map<String, PolicyContent.RouteRule>> routes(Set<String> tenantsHere) {
    Map<String, String> modelOf = new HashMap<>();
    state
        .models()
        .forEach(model ->
            model
                .deployments()
                .forEach(deployment -> modelOf.put(deployment.name(), model.name())));
    return state.routes().stream()
        .filter(route -> tenantsHere.contains(route.tenant()))
        .collect(
            Collectors.groupingBy(
                Route::tenant, Collectors.toMap(Route::model, route -> route(route, modelOf))));
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
        route.retry());
  }

  private static <T, R> Map<String, R> byName(
      List<T> items, Function<T, String> name, Function<T, R> compile) {
    return items.stream().collect(Collectors.toMap(name, compile));
  }

  private Map<String, PolicyContent.TenantPolicy> tenants() {
    TenantPaths paths = new TenantPaths(state);
    Map<String, List<PolicyContent.BudgetRule>> budgets =
        state.budgets().stream()
            .collect(
                Collectors.groupingBy(
                    Budget::tenant,
                    Collectors.mapping(SnapshotCompiler::budget, Collectors.toList())));
    Map<String, PolicyContent.TenantPolicy> tenants = new HashMap<>();
    for (Tenant tenant : state.tenants()) {
      EffectivePolicy policy = PolicyFold.fold(paths.to(tenant.name()));
      if (!policy.mayBeIn(region)) {
        PolicyContent.TenantPolicy elsewhere = elsewhere(aliases.apply(tenant.name()), policy);
        tenants.put(elsewhere.tenant(), elsewhere);
        continue;
      }
      List<PolicyContent.BudgetRule> binding =
          policy.tenantPath().stream()
              .flatMap(name -> budgets.getOrDefault(name, List.of()).stream())
              .toList();
      tenants.put(
          tenant.name(),
          new PolicyContent.TenantPolicy(
              tenant.name(), policy, binding, requires(policy, binding)));
    }
    return tenants;
  }

  /** Enough to refuse with the right reason. */
  private static PolicyContent.TenantPolicy elsewhere(String alias, EffectivePolicy policy) {
    EffectivePolicy bare =
        new EffectivePolicy(
            List.of(alias),
            Set.of(),
            policy.residency(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse(),
            ObservedRules.NONE,
            policy.suspendedBy().map(suspended -> alias));
    return new PolicyContent.TenantPolicy(
        alias, bare, List.of(), Set.of(PolicyFeatures.MODELS, PolicyFeatures.RESIDENCY));
  }

  private static Set<String> requires(
      EffectivePolicy policy, List<PolicyContent.BudgetRule> budgets) {
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
    if (policy.unknownPrice() instanceof UnknownPrice.Ceiling) {
      features.add(PolicyFeatures.UNKNOWN_PRICE_CEILING);
    }
    if (!policy.observed().equals(ObservedRules.NONE)) {
      features.add(PolicyFeatures.OBSERVE);
    }
    return features;
  }

  private static PolicyContent.BudgetRule budget(Budget budget) {
    return new PolicyContent.BudgetRule(
        budget.id().toString(), budget.tenant(), budget.name(), budget.apiKey(), budget.model());
  }

  /**
   * A suspended tenant's keys travel as revoked: any node refuses them, and ends their streams.
   *
   * @param owner the compiled policy of the key's tenant
   */
  static PolicyContent.KeyRule key(StoredKey key, PolicyContent.@Nullable TenantPolicy owner) {
    boolean suspended = owner != null && owner.policy().suspendedBy().isPresent();
    if (owner != null && TenantAlias.isAlias(owner.tenant())) {
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

  private static PolicyContent.Model model(Model model) {
    return new PolicyContent.Model(
        model.name(),
        model.contextTokens().orElse(0L),
        model.maxOutputTokens().orElse(0L),
        prices(model.prices()),
        model.deployments().stream().map(SnapshotCompiler::deployment).toList());
  }

  private static PolicyContent.Deployment deployment(Deployment deployment) {
    return new PolicyContent.Deployment(
        deployment.name(),
        deployment.provider(),
        deployment.upstreamModel(),
        deployment.weight(),
        prices(deployment.prices()));
  }

  private static List<Price> prices(List<PriceVersion> prices) {
    return prices.stream()
        .map(price ->
            new Price(
                price.validFrom(),
                tokens(price.input()),
                tokens(price.cacheRead().orElse(price.input())),
                tokens(price.output())))
        .toList();
  }

  private static TokenPrice tokens(NanoUsd perMillion) {
    return new TokenPrice(perMillion.value());
  }

  private PolicyContent.Provider provider(Provider provider) {
    String key = secretKey(provider);
    return new PolicyContent.Provider(
        provider.name(),
        provider.protocol(),
        provider.baseUrl(),
        provider.region().orElse(""),
        secretsHere.containsKey(key) ? key : "",
        new TreeSet<>(provider.compliance()));
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
