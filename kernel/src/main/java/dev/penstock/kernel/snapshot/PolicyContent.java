package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.policy.EffectivePolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a snapshot says, as records: the control plane compiles it, the node serves from it, and
 * {@link SnapshotCheck} judges it on both sides. Secrets and peppers are sealed.
 *
 * <p>There may be very many tenants and keys, hence maps of which a changed copy costs the change.
 *
 * @param routes by owner, then by the model name that clients ask for
 * @param guards by owner, then by name
 * @param serviceAccounts those of the tenants' policies, by {@link ServiceAccount#clientHash}
 */
public record PolicyContent(
    Map<String, TenantPolicy> tenants,
    Map<String, KeyRule> keysById,
    Map<String, Model> models,
    Map<String, Provider> providers,
    Map<String, SealedSecret> secrets,
    Map<Integer, SealedPepper> peppers,
    Map<String, Map<String, RouteRule>> routes,
    Map<String, Map<String, Guard>> guards,
    Map<String, ServiceAccount> serviceAccounts) {

  public static final PolicyContent EMPTY =
      new PolicyContent(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** Content without guards. */
  public PolicyContent(
      Map<String, TenantPolicy> tenants,
      Map<String, KeyRule> keysById,
      Map<String, Model> models,
      Map<String, Provider> providers,
      Map<String, SealedSecret> secrets,
      Map<Integer, SealedPepper> peppers,
      Map<String, Map<String, RouteRule>> routes) {
    this(tenants, keysById, models, providers, secrets, peppers, routes, Map.of());
  }

  /** Content whose service accounts are found by what the tenants' policies say of them. */
  public PolicyContent(
      Map<String, TenantPolicy> tenants,
      Map<String, KeyRule> keysById,
      Map<String, Model> models,
      Map<String, Provider> providers,
      Map<String, SealedSecret> secrets,
      Map<Integer, SealedPepper> peppers,
      Map<String, Map<String, RouteRule>> routes,
      Map<String, Map<String, Guard>> guards) {
    this(
        tenants,
        keysById,
        models,
        providers,
        secrets,
        peppers,
        routes,
        guards,
        ServiceAccount.byClientHash(tenants.values()));
  }

  public PolicyContent {
    tenants = PersistentMap.copyOf(tenants);
    keysById = PersistentMap.copyOf(keysById);
    models = Map.copyOf(models);
    providers = Map.copyOf(providers);
    secrets = Map.copyOf(secrets);
    peppers = Map.copyOf(peppers);
    routes = PersistentMap.copyOf(routes);
    guards = PersistentMap.copyOf(guards);
    serviceAccounts = PersistentMap.copyOf(serviceAccounts);
  }

  /** The guard that a tenant's policy names. */
  public Optional<Guard> guard(GuardRef ref) {
    return Optional.ofNullable(guards.getOrDefault(ref.tenant(), Map.of()).get(ref.name()));
  }

  /** The route of a model name that holds for a tenant: its own, or the nearest ancestor's. */
  public Optional<RouteRule> route(List<String> tenantPath, String model) {
    if (routes.isEmpty()) {
      return Optional.empty();
    }
    for (int i = tenantPath.size() - 1; i >= 0; i--) {
      RouteRule rule = routes.getOrDefault(tenantPath.get(i), Map.of()).get(model);
      if (rule != null) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  /** The route of a name that a tenant means by it: its own, or the nearest ancestor's. */
  public Optional<RouteRule> routeNamed(List<String> tenantPath, String name) {
    for (String tenant : tenantPath.reversed()) {
      for (RouteRule rule : routes.getOrDefault(tenant, Map.of()).values()) {
        if (rule.name().equals(name)) {
          return Optional.of(rule);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * A copy in which some tenants' policies and some keys are others; what is put wins over what is
   * removed.
   */
  public PolicyContent with(
      Map<String, TenantPolicy> putTenants, Map<String, KeyRule> putKeys, Set<String> removedKeys) {
    Set<String> accountsBefore =
        ServiceAccount.byClientHash(
                putTenants.keySet().stream()
                    .filter(tenants::containsKey)
                    .map(tenants::get)
                    .toList())
            .keySet();
    return new PolicyContent(
        PersistentMap.copyOf(tenants).with(putTenants, Set.of()),
        PersistentMap.copyOf(keysById).with(putKeys, removedKeys),
        models,
        providers,
        secrets,
        peppers,
        routes,
        guards,
        PersistentMap.copyOf(serviceAccounts)
            .with(ServiceAccount.byClientHash(putTenants.values()), accountsBefore));
  }

  /**
   * A copy in which one part has given way to another; both are contents of their own, which hold
   * that part and nothing else. It costs what the two hold.
   */
  public PolicyContent replaced(PolicyContent then, PolicyContent now) {
    return new PolicyContent(
        replaced(tenants, then.tenants, now.tenants),
        replaced(keysById, then.keysById, now.keysById),
        replaced(models, then.models, now.models),
        replaced(providers, then.providers, now.providers),
        replaced(secrets, then.secrets, now.secrets),
        replaced(peppers, then.peppers, now.peppers),
        replaced(routes, then.routes, now.routes),
        replaced(guards, then.guards, now.guards),
        replaced(serviceAccounts, then.serviceAccounts, now.serviceAccounts));
  }

  private static <K, V> Map<K, V> replaced(Map<K, V> whole, Map<K, V> then, Map<K, V> now) {
    return then.isEmpty() && now.isEmpty()
        ? whole
        : PersistentMap.copyOf(whole).with(now, then.keySet());
  }

  /**
   * @param requires names of {@link PolicyFeatures} that a node has to enforce
   * @param serviceAccounts the tenant's own programs
   */
  public record TenantPolicy(
      String tenant,
      EffectivePolicy policy,
      List<BudgetRule> budgets,
      List<RateLimitRule> rateLimits,
      Set<String> requires,
      List<ServiceAccount> serviceAccounts) {
    public TenantPolicy {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(policy, "policy");
      budgets = List.copyOf(budgets);
      rateLimits = List.copyOf(rateLimits);
      requires = Set.copyOf(requires);
      serviceAccounts = List.copyOf(serviceAccounts);
    }

    /** A policy of a tenant without service accounts. */
    public TenantPolicy(
        String tenant,
        EffectivePolicy policy,
        List<BudgetRule> budgets,
        List<RateLimitRule> rateLimits,
        Set<String> requires) {
      this(tenant, policy, budgets, rateLimits, requires, List.of());
    }

    /** A policy without rate limits. */
    public TenantPolicy(
        String tenant, EffectivePolicy policy, List<BudgetRule> budgets, Set<String> requires) {
      this(tenant, policy, budgets, List.of(), requires);
    }
  }

  /**
   * Whom a budget binds; the money in it comes by leases.
   *
   * @param budgetId UUID in its text form
   * @param downgrades what becomes of requests when so much is spent
   * @param clampToFit a request that may cost more than is left gets a lower limit of output, and
   *     is not refused for it
   */
  public record BudgetRule(
      String budgetId,
      String tenant,
      String name,
      BudgetScope scope,
      List<Downgrade> downgrades,
      boolean clampToFit) {

    /** A budget that leaves routes and limits alone. */
    public BudgetRule(String budgetId, String tenant, String name, BudgetScope scope) {
      this(budgetId, tenant, name, scope, List.of());
    }

    /** A budget that leaves limits alone. */
    public BudgetRule(
        String budgetId,
        String tenant,
        String name,
        BudgetScope scope,
        List<Downgrade> downgrades) {
      this(budgetId, tenant, name, scope, downgrades, false);
    }

    public BudgetRule {
      Objects.requireNonNull(budgetId, "budgetId");
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(scope, "scope");
      downgrades = List.copyOf(downgrades);
    }

    /** Whether a call for somebody has to fit in this budget. */
    public boolean binds(BudgetScope.Asker asker, String ownModel, String provider) {
      return scope.holdsFor(tenant, asker) && scope.holdsAt(ownModel, provider);
    }
  }

  /** Whether a request is within what a tenant has narrowed to a key of its own or to a model. */
  private static boolean inScope(
      String tenant,
      Optional<String> apiKey,
      Optional<String> model,
      Principal who,
      String modelName) {
    boolean ofKey =
        apiKey.isEmpty()
            || switch (who) {
              case KeyRule key -> key.name().equals(apiKey.get()) && key.tenant().equals(tenant);
              case ServiceAccount account -> false;
            };
    return ofKey && model.map(modelName::equals).orElse(true);
  }

  /**
   * How much all nodes together let pass; 0 stands for no limit.
   *
   * @param apiKey name of a key of {@code tenant}: a rotated key stays bound under it
   * @param observed beyond the limit is recorded, not refused
   */
  public record RateLimitRule(
      String tenant,
      String name,
      Optional<String> apiKey,
      Optional<String> model,
      long requestsPerMinute,
      long tokensPerMinute,
      long concurrentStreams,
      boolean observed) {

    /** Most that a limit may say: what is above bounds nothing. */
    public static final long MOST = 100_000_000;

    public RateLimitRule {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(apiKey, "apiKey");
      Objects.requireNonNull(model, "model");
    }

    /** Whether a request has to fit in this limit. */
    public boolean binds(Principal who, String modelName) {
      return inScope(tenant, apiKey, model, who, modelName);
    }

    /** Whether some request of a caller has to fit in this limit, whatever its model. */
    public boolean mayBind(Principal who) {
      return inScope(tenant, apiKey, Optional.empty(), who, "");
    }

    /** Whether each number is one that can be kept. */
    public boolean isSound() {
      return isSound(requestsPerMinute) && isSound(tokensPerMinute) && isSound(concurrentStreams);
    }

    private static boolean isSound(long limit) {
      return limit >= 0 && limit <= MOST;
    }
  }

  /**
   * @param hash HMAC-SHA-256 of the key, 32 bytes; shared, never changed
   * @param models narrows the tenant's allow-list; empty does not
   * @param expiresAtUnixMillis 0: never
   */
  public record KeyRule(
      String id,
      byte[] hash,
      int pepperVersion,
      String tenant,
      String name,
      Set<String> models,
      Map<String, String> tags,
      long expiresAtUnixMillis,
      boolean revoked)
      implements Principal {
    public KeyRule {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(hash, "hash");
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      models = Set.copyOf(models);
      tags = Map.copyOf(tags);
    }
  }

  /**
   * @param contextTokens 0: not stated
   * @param maxOutputTokens 0: not stated
   */
  public record Model(
      String name,
      long contextTokens,
      long maxOutputTokens,
      List<Price> prices,
      List<Deployment> deployments,
      Set<ModelTrait> traits) {

    /** A model that takes what its dialect says. */
    public Model(
        String name,
        long contextTokens,
        long maxOutputTokens,
        List<Price> prices,
        List<Deployment> deployments) {
      this(name, contextTokens, maxOutputTokens, prices, deployments, Set.of());
    }

    public Model {
      Objects.requireNonNull(name, "name");
      traits = Set.copyOf(traits);
      prices = List.copyOf(prices);
      deployments = List.copyOf(deployments);
    }

    /** The deployment of a name. */
    public Optional<Deployment> deployment(String deploymentName) {
      return deployments.stream().filter(each -> each.name().equals(deploymentName)).findFirst();
    }
  }

  /**
   * @param weight share of the traffic relative to its siblings; 0 only as a fallback
   * @param prices hold instead of the model's where there are any
   */
  public record Deployment(
      String name, String provider, String upstreamModel, int weight, List<Price> prices) {
    public Deployment {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(provider, "provider");
      Objects.requireNonNull(upstreamModel, "upstreamModel");
      prices = List.copyOf(prices);
    }
  }

  /**
   * How a model name becomes deployments to try.
   *
   * @param name the resource's, within its tenant
   * @param model what clients ask for
   * @param groups tried in this order; within a group by weighted chance
   */
  public record RouteRule(
      String tenant,
      String name,
      String model,
      List<List<RouteTarget>> groups,
      RouteTimeouts timeouts,
      RouteRetry retry,
      UnsupportedFields unsupportedFields) {

    /** A route that refuses what cannot be carried. */
    public RouteRule(
        String tenant,
        String name,
        String model,
        List<List<RouteTarget>> groups,
        RouteTimeouts timeouts,
        RouteRetry retry) {
      this(tenant, name, model, groups, timeouts, retry, UnsupportedFields.REFUSE);
    }

    public RouteRule {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(model, "model");
      Objects.requireNonNull(timeouts, "timeouts");
      Objects.requireNonNull(retry, "retry");
      Objects.requireNonNull(unsupportedFields, "unsupportedFields");
      groups = groups.stream().map(List::copyOf).toList();
    }
  }

  /**
   * One deployment of a route.
   *
   * @param model the deployment's own; it counts only where that is allowed, too
   * @param weight share of its group's traffic; 0 only as a fallback
   */
  public record RouteTarget(String model, String deployment, int weight) {
    public RouteTarget {
      Objects.requireNonNull(model, "model");
      Objects.requireNonNull(deployment, "deployment");
    }
  }

  /** In milliseconds; 0: the node's own limit holds. A route can only shorten it. */
  public record RouteTimeouts(
      long connectMillis, long firstTokenMillis, long idleMillis, long totalMillis) {

    public static final RouteTimeouts NONE = new RouteTimeouts(0, 0, 0, 0);
  }

  /**
   * Which failures lead to the next deployment.
   *
   * @param attempts calls in all, the first included; 0: as many as there are deployments
   * @param on empty: all of them
   */
  public record RouteRetry(int attempts, Set<RetryOn> on) {

    public static final RouteRetry ALL = new RouteRetry(0, Set.of());

    public RouteRetry {
      on = Set.copyOf(on);
    }

    public boolean covers(RetryOn failure) {
      return on.isEmpty() || on.contains(failure);
    }
  }

  /** Why a call may be made again elsewhere; a manifest writes {@link #word}. */
  public enum RetryOn {
    CONNECT("connect"),
    FIRST_TOKEN_TIMEOUT("first-token-timeout"),
    TOO_MANY_REQUESTS("429"),
    SERVER_ERROR("5xx");

    private final String word;

    RetryOn(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    public static Optional<RetryOn> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }
  }

  /**
   * @param apiVersion of Azure OpenAI's API; empty for every other protocol
   * @param region empty: unknown
   * @param secretKey key of the secret's resource; empty where the credential may not be in the
   *     snapshot's region, so that this provider cannot be used from there
   */
  public record Provider(
      String name,
      String protocol,
      String apiVersion,
      String baseUrl,
      String region,
      String secretKey,
      Set<String> compliance,
      ClientGone onClientGone,
      Compatibility compatibility) {

    /** A provider of which nothing more is stated. */
    public Provider(
        String name,
        String protocol,
        String apiVersion,
        String baseUrl,
        String region,
        String secretKey,
        Set<String> compliance) {
      this(
          name,
          protocol,
          apiVersion,
          baseUrl,
          region,
          secretKey,
          compliance,
          ClientGone.CANCEL,
          Compatibility.UNSTATED);
    }

    public Provider {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(apiVersion, "apiVersion");
      Objects.requireNonNull(baseUrl, "baseUrl");
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(secretKey, "secretKey");
      Objects.requireNonNull(onClientGone, "onClientGone");
      Objects.requireNonNull(compatibility, "compatibility");
      compliance = Set.copyOf(compliance);
    }
  }

  /** An upstream credential, sealed under its resource key. */
  public record SealedSecret(
      String tenant, String name, int version, byte[] sealed, Set<String> regions) {
    public SealedSecret {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(sealed, "sealed");
      regions = Set.copyOf(regions);
    }
  }

  /** A pepper of the API keys' hashes, sealed under its resource key. */
  public record SealedPepper(int version, byte[] sealed) {
    public SealedPepper {
      Objects.requireNonNull(sealed, "sealed");
    }
  }
}
