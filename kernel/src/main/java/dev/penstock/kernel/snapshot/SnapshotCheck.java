package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.address.BaseUrl;
import dev.penstock.kernel.guard.GuardLimits;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.Unscannable;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.Hipaa;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.SealedSecret;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Proves a snapshot consistent before anybody serves from it: in the control plane before it is
 * stored, on a node before it is put in force. Errors are values, one per failing item.
 */
public final class SnapshotCheck {

  /** That of OpenAI, which servers of other makers speak as well. */
  public static final String OPENAI = "openai";

  /** That of servers that have OpenAI's Chat Completions alone. */
  public static final String OPENAI_COMPATIBLE = "openai-compatible";

  /** The one protocol whose calls name a version in their address. */
  public static final String AZURE_OPENAI = "azure-openai";

  /** The wire protocols of providers that this build speaks. */
  public static final Set<String> PROTOCOLS =
      Set.of(OPENAI, OPENAI_COMPATIBLE, AZURE_OPENAI, "anthropic", "mistral");

  /** Those of them whose servers are of several makers, so that one may be stated. */
  public static final Set<String> OF_SEVERAL_MAKERS = Set.of(OPENAI, OPENAI_COMPATIBLE);

  /** What {@link #isApiVersion} expects, in words. */
  public static final String EXPECTED_API_VERSION =
      "expected a version of the API such as 2026-03-01 or 2026-03-01-preview";

  private static final Pattern API_VERSION =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?");

  private static final int HASH_BYTES = 32;

  private final String region;
  private final PolicyContent content;
  private @Nullable Set<String> routed; // names that routes give, as needed
  private final Map<String, String> modelOf = new HashMap<>(); // by deployment
  private final List<ResourceError> errors = new ArrayList<>();

  private SnapshotCheck(String region, PolicyContent content) {
    this.region = region;
    this.content = content;
  }

  /** Made when it is first needed: there may be very many routes, and most changes name none. */
  private Set<String> routed() {
    Set<String> names = routed;
    if (names == null) {
      names =
          content.routes().values().stream()
              .flatMap(routes -> routes.keySet().stream())
              .collect(Collectors.toSet());
      routed = names;
    }
    return names;
  }

  /** Everything that is wrong with a snapshot for nodes of a region; empty if it can be served. */
  public static List<ResourceError> check(String region, PolicyContent content) {
    return new SnapshotCheck(region, content).run();
  }

  /**
   * What is wrong with tenants, keys and routes that have changed in a snapshot that was sound
   * before. What they refer to must not have changed.
   *
   * @param content the whole, with the change
   * @param changed tenants, keys and routes of it that are new or others than before
   */
  public static List<ResourceError> checkChange(
      String region, PolicyContent content, PolicyContent changed) {
    SnapshotCheck check = new SnapshotCheck(region, content);
    changed.tenants().values().forEach(check::checkTenant);
    changed.keysById().values().forEach(check::checkKey);
    if (!changed.routes().isEmpty()) {
      check.checkDeploymentNames();
      check.checkRoutes(changed.routes());
    }
    return List.copyOf(check.errors);
  }

  /**
   * What is wrong with the catalogue: models, providers, secrets, and the routes that lead there.
   */
  public static List<ResourceError> checkCatalogue(String region, PolicyContent content) {
    SnapshotCheck check = new SnapshotCheck(region, content);
    check.checkCatalogue();
    return List.copyOf(check.errors);
  }

  /** What is wrong with the tenants' policies, as after names of models have gone. */
  public static List<ResourceError> checkTenants(String region, PolicyContent content) {
    SnapshotCheck check = new SnapshotCheck(region, content);
    content.tenants().values().forEach(check::checkTenant);
    return List.copyOf(check.errors);
  }

  /**
   * Whether a change loses so many tenants or keys that it is more likely a fault than a wish.
   *
   * @param before what is in force now
   */
  public static List<ResourceError> checkMassDelete(PolicyContent before, PolicyContent after) {
    List<ResourceError> found = new ArrayList<>();
    massDelete("tenants", before.tenants().size(), tenantsLost(before, after))
        .ifPresent(found::add);
    massDelete("API keys", before.keysById(), after.keysById()).ifPresent(found::add);
    return List.copyOf(found);
  }

  /**
   * As {@link #checkMassDelete(PolicyContent, PolicyContent)}, for a change of API keys alone.
   *
   * @param lost how many of the keys before are no longer there
   */
  public static List<ResourceError> checkKeysLost(PolicyContent before, long lost) {
    return massDelete("API keys", before.keysById().size(), lost).stream().toList();
  }

  /** A tenant that may no longer be in the region goes on under an alias, and the other way. */
  private static long tenantsLost(PolicyContent before, PolicyContent after) {
    long lost =
        before.tenants().keySet().stream()
            .filter(name -> !after.tenants().containsKey(name))
            .count();
    boolean hadAliases = before.tenants().keySet().stream().anyMatch(TenantAlias::isAlias);
    long renamed =
        after.tenants().keySet().stream()
            .filter(name -> !before.tenants().containsKey(name))
            .filter(name -> hadAliases || TenantAlias.isAlias(name))
            .count();
    return Math.max(0, lost - renamed);
  }

  private static Optional<ResourceError> massDelete(
      String what, Map<String, ?> before, Map<String, ?> after) {
    long lost = before.keySet().stream().filter(key -> !after.containsKey(key)).count();
    return massDelete(what, before.size(), lost);
  }

  private static Optional<ResourceError> massDelete(String what, int before, long lost) {
    // Below five of a kind a fifth is one, and removing one is an ordinary change.
    if (lost <= 1 || lost <= before * SnapshotLimits.MASS_DELETE_FRACTION) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceError(
            "",
            Code.MASS_DELETE,
            "removes %d of %d %s without allow_mass_delete".formatted(lost, before, what)));
  }

  private List<ResourceError> run() {
    content.tenants().values().forEach(this::checkTenant);
    content.keysById().values().forEach(this::checkKey);
    checkCatalogue();
    return List.copyOf(errors);
  }

  private void checkCatalogue() {
    content.models().values().forEach(this::checkModel);
    content.providers().values().forEach(this::checkProvider);
    content.secrets().values().forEach(this::checkSecret);
    checkDeploymentNames();
    checkRoutes(content.routes());
  }

  private void checkRoutes(Map<String, Map<String, RouteRule>> byTenant) {
    byTenant.values().forEach(routes -> routes.values().forEach(this::checkRoute));
  }

  private void checkTenant(TenantPolicy tenant) {
    String key = ResourceKeys.tenantPolicy(tenant.tenant());
    List<String> path = tenant.policy().tenantPath();
    if (path.isEmpty() || !path.getLast().equals(tenant.tenant())) {
      report(key, Code.BAD_VALUE, "tenant_path does not end with the tenant");
    }
    Set<String> unknown = new TreeSet<>(tenant.requires());
    unknown.removeAll(PolicyFeatures.ENFORCED);
    if (!unknown.isEmpty()) {
      report(
          key, Code.UNKNOWN_FEATURE, "requires " + unknown + ", which this build cannot enforce");
    }
    checkModels(key, "allows", tenant.policy().allowedModels());
    checkModels(key, "observes", tenant.policy().observed().allowedModels().orElse(Set.of()));
    checkBudgets(key, path, tenant);
    checkRateLimits(key, path, tenant.rateLimits());
    checkGuards(key, path, tenant);
    checkHipaa(key, tenant);
    checkServiceAccounts(key, tenant);
  }

  private void checkServiceAccounts(String key, TenantPolicy tenant) {
    for (ServiceAccount account : tenant.serviceAccounts()) {
      if (!account.isSound() || !account.tenant().equals(tenant.tenant())) {
        report(key, Code.BAD_VALUE, "service account " + account.name() + " is none of the tenant");
      } else if (!account.equals(content.serviceAccounts().get(account.clientHash()))) {
        report(key, Code.BAD_VALUE, "service account " + account.name() + " exists twice");
      }
    }
    checkMost(
        key,
        "service accounts",
        tenant.serviceAccounts().size(),
        SnapshotLimits.MAX_SERVICE_ACCOUNTS_PER_TENANT);
  }

  private void checkGuards(String key, List<String> path, TenantPolicy tenant) {
    List<GuardRef> guards = tenant.policy().guards();
    for (GuardRef guard : guards) {
      if (!path.contains(guard.tenant())) {
        report(key, Code.BAD_REFERENCE, "guard " + guard.label() + " is of no tenant on the path");
      } else if (content.guard(guard).isEmpty()) {
        report(key, Code.BAD_REFERENCE, "guard " + guard.label() + " does not exist");
      }
    }
    if (!guards.isEmpty()) {
      checkRequired(key, tenant, "guards", PolicyFeatures.INPUT_GUARDS);
    }
    if (guards.stream()
        .flatMap(guard -> content.guard(guard).stream())
        .anyMatch(guard -> guard.unscannable() == Unscannable.REFUSE)) {
      checkRequired(
          key, tenant, "a guard that refuses what nobody can search", PolicyFeatures.UNSCANNABLE);
    }
    checkMost(key, "guards", guards.size(), GuardLimits.MAX_GUARDS_PER_REQUEST);
  }

  private void checkHipaa(String key, TenantPolicy tenant) {
    EffectivePolicy policy = tenant.policy();
    if (!policy.hipaa()) {
      return;
    }
    checkRequired(key, tenant, "HIPAA mode", PolicyFeatures.HIPAA);
    if (policy.maxStaleness().filter(most -> most.compareTo(Hipaa.MOST_STALENESS) <= 0).isEmpty()) {
      report(
          key,
          Code.BAD_VALUE,
          "HIPAA mode without a max_staleness_ms of at most " + Hipaa.MOST_STALENESS.toMillis());
    }
  }

  private void checkModels(String key, String verb, Set<String> models) {
    for (String model : models) {
      if (!content.models().containsKey(model) && !routed().contains(model)) {
        report(key, Code.BAD_REFERENCE, verb + " model " + model + ", which does not exist");
      }
    }
  }

  private void checkBudgets(String key, List<String> path, TenantPolicy tenant) {
    List<BudgetRule> budgets = tenant.budgets();
    for (BudgetRule budget : budgets) {
      if (!path.contains(budget.tenant())) {
        report(key, Code.BAD_REFERENCE, "budget " + budget.name() + " is of no tenant on the path");
      }
    }
    if (budgets.stream().anyMatch(budget -> budget.scope().isFine())) {
      checkRequired(key, tenant, "a narrowed budget", PolicyFeatures.BUDGET_SCOPES);
    }
    if (budgets.stream().anyMatch(budget -> !budget.downgrades().isEmpty())) {
      checkRequired(key, tenant, "a budget with a route", PolicyFeatures.BUDGET_ROUTES);
    }
    checkMost(key, "budgets", budgets.size(), SnapshotLimits.MAX_BUDGETS_PER_PATH);
    checkMost(
        key,
        "budgets that bind one request",
        BudgetCount.most(budgets),
        SnapshotLimits.MAX_BUDGETS_PER_REQUEST);
  }

  private void checkRequired(String key, TenantPolicy tenant, String what, String feature) {
    if (!tenant.requires().contains(feature)) {
      report(key, Code.BAD_VALUE, "has %s and does not require %s".formatted(what, feature));
    }
  }

  private void checkMost(String key, String what, int count, int most) {
    if (count > most) {
      report(key, Code.TOO_LARGE, "%d %s (expected: at most %d)".formatted(count, what, most));
    }
  }

  private void checkRateLimits(String key, List<String> path, List<RateLimitRule> limits) {
    for (RateLimitRule limit : limits) {
      if (!path.contains(limit.tenant())) {
        report(
            key, Code.BAD_REFERENCE, "rate limit " + limit.name() + " is of no tenant on the path");
      }
      if (!limit.isSound()) {
        report(
            key,
            Code.BAD_VALUE,
            "rate limit %s: a number is out of range (expected: 0 to %d)"
                .formatted(limit.name(), RateLimitRule.MOST));
      }
    }
    checkMost(key, "rate limits", limits.size(), SnapshotLimits.MAX_RATE_LIMITS_PER_REQUEST);
  }

  private void checkKey(KeyRule key) {
    String where = ResourceKeys.TENANT + key.tenant() + "/keys/" + key.name();
    if (!content.tenants().containsKey(key.tenant())) {
      report(where, Code.BAD_REFERENCE, "tenant " + key.tenant() + " does not exist");
    }
    if (!content.peppers().containsKey(key.pepperVersion())) {
      report(where, Code.BAD_REFERENCE, "pepper " + key.pepperVersion() + " does not exist");
    }
    if (key.hash().length != HASH_BYTES) {
      report(where, Code.BAD_VALUE, "hash has " + key.hash().length + " bytes (expected: 32)");
    }
  }

  private void checkModel(Model model) {
    String key = ResourceKeys.model(model.name());
    for (Deployment deployment : model.deployments()) {
      if (!content.providers().containsKey(deployment.provider())) {
        report(
            key,
            Code.BAD_REFERENCE,
            "deployment %s: provider %s does not exist"
                .formatted(deployment.name(), deployment.provider()));
      }
      if (deployment.weight() < 0) {
        report(
            key,
            Code.BAD_VALUE,
            "deployment %s: weight %d (expected: >= 0)"
                .formatted(deployment.name(), deployment.weight()));
      }
    }
  }

  private void checkDeploymentNames() {
    for (Model model : content.models().values()) {
      for (Deployment deployment : model.deployments()) {
        String other = modelOf.put(deployment.name(), model.name());
        if (other != null) {
          report(
              ResourceKeys.model(model.name()),
              Code.BAD_VALUE,
              "deployment %s exists already in model %s".formatted(deployment.name(), other));
        }
      }
    }
  }

  private void checkRoute(RouteRule route) {
    String key = ResourceKeys.routes(route.tenant());
    String where = "route " + route.name() + ": ";
    if (!content.tenants().containsKey(route.tenant())) {
      report(key, Code.BAD_REFERENCE, where + "its tenant does not exist");
    }
    if (route.groups().isEmpty() || route.groups().stream().anyMatch(List::isEmpty)) {
      report(key, Code.BAD_VALUE, where + "a group without deployments");
    }
    for (RouteTarget target : route.groups().stream().flatMap(List::stream).toList()) {
      if (!target.model().equals(modelOf.get(target.deployment()))) {
        report(
            key,
            Code.BAD_REFERENCE,
            "%sdeployment %s of model %s does not exist"
                .formatted(where, target.deployment(), target.model()));
      }
      if (target.weight() < 0) {
        report(key, Code.BAD_VALUE, where + "weight " + target.weight() + " (expected: >= 0)");
      }
    }
  }

  private void checkProvider(Provider provider) {
    String key = ResourceKeys.provider(provider.name());
    if (!PROTOCOLS.contains(provider.protocol())) {
      report(
          key,
          Code.UNSUPPORTED,
          "protocol %s (this build speaks %s)".formatted(provider.protocol(), PROTOCOLS));
    }
    boolean versioned = provider.protocol().equals(AZURE_OPENAI);
    if (versioned ? !isApiVersion(provider.apiVersion()) : !provider.apiVersion().isEmpty()) {
      report(
          key,
          Code.BAD_VALUE,
          "API version %s (%s)"
              .formatted(
                  provider.apiVersion(),
                  versioned ? EXPECTED_API_VERSION : "only " + AZURE_OPENAI + " has one"));
    }
    if (provider.compatibility() != Compatibility.UNSTATED
        && !OF_SEVERAL_MAKERS.contains(provider.protocol())) {
      report(
          key,
          Code.BAD_VALUE,
          "compatibility %s (only %s and %s have one)"
              .formatted(provider.compatibility().word(), OPENAI, OPENAI_COMPATIBLE));
    }
    if (!provider.secretKey().isEmpty() && !content.secrets().containsKey(provider.secretKey())) {
      report(key, Code.BAD_REFERENCE, provider.secretKey() + " does not exist");
    }
    if (!BaseUrl.isOne(provider.baseUrl())) {
      report(key, Code.BAD_VALUE, "base URL (" + BaseUrl.EXPECTED + ")");
    }
  }

  private void checkSecret(SealedSecret secret) {
    if (!secret.regions().contains(region)) {
      report(
          ResourceKeys.secret(secret.tenant(), secret.name()),
          Code.BAD_VALUE,
          "may not be held in region " + region);
    }
  }

  /** Whether a text has the form of a version of Azure OpenAI's API. */
  public static boolean isApiVersion(String text) {
    return API_VERSION.matcher(text).matches();
  }

  private void report(String key, Code code, String message) {
    errors.add(new ResourceError(key, code, message));
  }
}
