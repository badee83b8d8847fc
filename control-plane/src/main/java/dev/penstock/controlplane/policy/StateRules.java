package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.region.Region;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.kernel.snapshot.BudgetCount;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must hold over all resources together: references lead somewhere, the tenants are a tree, no
 * request can be bound by too many budgets. Run over the state as it would be, so that neither the
 * order of manifests nor the kind of change (a deletion is one) matters.
 */
public final class StateRules {

  private static final int MAX_KEYS_PER_TENANT = 2_000;

  private final PolicyState state;
  private final TenantTree tree;
  private final Set<String> regions;
  private final Set<String> models;
  private final Set<String> providers;
  private final Set<ResourceRef> secrets;
  private final GuardRules guards;
  private final BudgetRules budgetRules;
  private final List<Broken> broken = new ArrayList<>();
  private final Map<String, Set<String>> routed = new HashMap<>(); // by tenant, as needed
  private @Nullable Set<String> routedAnywhere; // as needed

  private StateRules(PolicyState state) {
    this.state = state;
    tree = state.tree();
    guards = new GuardRules(state, this::report);
    budgetRules = new BudgetRules(state, this::report);
    regions = state.regions().stream().map(Region::name).collect(Collectors.toSet());
    models = modelNames(state);
    providers = state.providers().stream().map(Provider::name).collect(Collectors.toSet());
    secrets =
        state.secrets().stream()
            .map(secret -> ResourceRef.ofTenant(Kind.SECRET, secret.tenant(), secret.name()))
            .collect(Collectors.toSet());
  }

  private static Set<String> modelNames(PolicyState state) {
    return state.models().stream().map(Model::name).collect(Collectors.toSet());
  }

  /**
   * A rule that does not hold.
   *
   * @param field in the resource's manifest, such as {@code spec.parent}
   */
  public record Broken(ResourceRef resource, String field, String detail) {}

  /** Every rule that does not hold; empty if the state can be compiled. */
  public static List<Broken> check(PolicyState state) {
    return new StateRules(state).run();
  }

  /**
   * As {@link #check(PolicyState)}, of a state that follows on one in which all rules held: only
   * what has changed is looked at, and what that could break.
   */
  public static List<Broken> check(PolicyState before, PolicyState state) {
    return new StateRules(state).runFor(before, StateChange.between(before, state));
  }

  private List<Broken> run() {
    Set<String> all = tree.byName().keySet();
    Set<String> owners = new HashSet<>(all);
    owners.addAll(state.routesByTenant().keySet());
    owners.addAll(state.policyByTenant().keySet());
    owners.addAll(state.keysByTenant().keySet());
    owners.addAll(state.budgetsByTenant().keySet());
    owners.addAll(state.rateLimitsByTenant().keySet());
    owners.addAll(state.guardsByTenant().keySet());
    owners.addAll(state.membersByTenant().keySet());
    checkTree(all);
    state.secrets().forEach(this::checkSecret);
    state.providers().forEach(this::checkProvider);
    checkModels();
    checkRoutes(owners);
    checkPolicies(owners);
    checkKeys(owners);
    checkBudgets(owners);
    checkRateLimits(owners);
    checkGuards(owners);
    checkMembers(owners);
    checkBudgetsPerPath(all);
    checkRateLimitsPerPath(all);
    all.forEach(guards::checkUnambiguous);
    guards.checkPerPath(all);
    return List.copyOf(broken);
  }

  private List<Broken> runFor(PolicyState before, StateChange change) {
    Set<String> gone = new HashSet<>(change.tenants());
    gone.removeAll(tree.byName().keySet());
    // What hangs below a tenant that is gone is found by the name of its parent.
    Set<String> moved = tree.subtrees(concat(movedSince(before, change), gone));
    boolean fewerModels = !models.containsAll(modelNames(before));
    boolean fewerRegions = !before.regions().stream().map(Region::name).allMatch(regions::contains);
    Set<String> withFewerRoutes = withFewerRoutes(before, change);
    boolean fewerAskable =
        fewerModels
            || withFewerRoutes.stream()
                .flatMap(tenant -> before.routesOf(tenant).stream())
                .anyMatch(route -> !isAskable(route.model()));

    checkTree(concat(change.tenants(), moved));
    if (change.secrets() || change.regions() || !gone.isEmpty()) {
      state.secrets().forEach(this::checkSecret);
    }
    if (change.providers() || change.secrets() || change.regions()) {
      state.providers().forEach(this::checkProvider);
    }
    if (change.models() || change.providers()) {
      checkModels();
    }
    checkRoutes(change.models() ? state.routesByTenant().keySet() : concat(change.routes(), gone));
    // A guard that goes, or a tenant that moves away from it, is missed by policies below.
    Set<String> guarded = tree.subtrees(concat(change.guards(), moved));
    checkPolicies(
        fewerAskable || fewerRegions
            ? state.policyByTenant().keySet()
            : concat(change.policies(), gone, guarded));
    checkKeys(
        fewerModels
            ? state.keysByTenant().keySet()
            : concat(change.keys(), gone, moved, tree.subtrees(withFewerRoutes)));
    checkBudgets(
        fewerModels || change.providers() || change.secrets()
            ? state.budgetsByTenant().keySet()
            : concat(change.budgets(), change.keys(), gone, moved, tree.subtrees(change.routes())));
    checkRateLimits(
        fewerModels
            ? state.rateLimitsByTenant().keySet()
            : concat(change.rateLimits(), change.keys(), gone));
    checkGuards(concat(change.guards(), gone));
    checkMembers(concat(change.members(), gone));
    checkBudgetsPerPath(concat(moved, tree.subtrees(change.budgets())));
    checkRateLimitsPerPath(concat(moved, tree.subtrees(change.rateLimits())));
    guarded.forEach(guards::checkUnambiguous);
    guards.checkPerPath(concat(guarded, tree.subtrees(change.policies())));
    return List.copyOf(broken);
  }

  @SafeVarargs
  private static Set<String> concat(Collection<String>... names) {
    return Stream.of(names).flatMap(Collection::stream).collect(Collectors.toSet());
  }

  /** Tenants that are new or have another parent. */
  private Set<String> movedSince(PolicyState before, StateChange change) {
    return change.tenants().stream()
        .filter(name -> tree.find(name).isPresent())
        .filter(name ->
            !before
                .tree()
                .find(name)
                .map(Tenant::parent)
                .equals(tree.find(name).map(Tenant::parent)))
        .collect(Collectors.toSet());
  }

  /** Tenants of whose routes one or more no longer have the model name that they had. */
  private Set<String> withFewerRoutes(PolicyState before, StateChange change) {
    return change.routes().stream()
        .filter(tenant -> !routeNames(state, tenant).containsAll(routeNames(before, tenant)))
        .collect(Collectors.toSet());
  }

  private static Set<String> routeNames(PolicyState state, String tenant) {
    return state.routesOf(tenant).stream().map(Route::model).collect(Collectors.toSet());
  }

  /** Whether a model name stands in the catalogue or is given by a route, whoever's. */
  private boolean isAskable(String model) {
    if (models.contains(model)) {
      return true;
    }
    Set<String> names = routedAnywhere;
    if (names == null) {
      names = state.routes().stream().map(Route::model).collect(Collectors.toSet());
      routedAnywhere = names;
    }
    return names.contains(model);
  }

  private void checkTree(Collection<String> names) {
    tree.check(names, (tenant, detail) -> report(tenant, "spec.parent", detail));
  }

  private void checkSecret(Secret secret) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.SECRET, secret.tenant(), secret.name());
    checkOwner(ref);
    checkAll(ref, "spec.regions", secret.regions(), regions::contains, "region");
  }

  private void checkProvider(Provider provider) {
    ResourceRef ref = ResourceRef.ofPlatform(Kind.PROVIDER, provider.name());
    provider
        .region()
        .ifPresent(
            region -> checkAll(ref, "spec.region", List.of(region), regions::contains, "region"));
    if (!secrets.contains(provider.secret())) {
      report(ref, "spec.secret", provider.secret() + " does not exist");
    }
  }

  private void checkModels() {
    Map<String, String> modelOf = new HashMap<>();
    for (Model model : state.models()) {
      ResourceRef ref = ResourceRef.ofPlatform(Kind.MODEL, model.name());
      for (int i = 0; i < model.deployments().size(); i++) {
        Deployment deployment = model.deployments().get(i);
        String field = "spec.deployments[" + i + "]";
        checkAll(
            ref,
            field + ".provider",
            List.of(deployment.provider()),
            providers::contains,
            "provider");
        String other = modelOf.putIfAbsent(deployment.name(), model.name());
        if (other != null) {
          report(
              ref,
              field + ".name",
              "deployment " + deployment.name() + " exists already in model " + other);
        }
      }
    }
  }

  private void checkRoutes(Collection<String> owners) {
    Set<String> deployments =
        state.models().stream()
            .flatMap(model -> model.deployments().stream())
            .map(Deployment::name)
            .collect(Collectors.toSet());
    owners.forEach(owner -> checkRoutes(state.routesOf(owner), deployments));
  }

  private void checkRoutes(List<Route> ofOne, Set<String> deployments) {
    Map<String, String> nameOf = new HashMap<>();
    for (Route route : ofOne) {
      ResourceRef ref = ResourceRef.ofTenant(Kind.ROUTE, route.tenant(), route.name());
      checkOwner(ref);
      for (int group = 0; group < route.groups().size(); group++) {
        List<Route.Target> targets = route.groups().get(group);
        for (int i = 0; i < targets.size(); i++) {
          checkAll(
              ref,
              "spec.groups[%d][%d].deployment".formatted(group, i),
              List.of(targets.get(i).deployment()),
              deployments::contains,
              "deployment");
        }
      }
      String other = nameOf.putIfAbsent(route.model(), route.name());
      if (other != null) {
        report(ref, "spec.model", "route %s has model %s already".formatted(other, route.model()));
      }
    }
  }

  private void checkPolicies(Collection<String> owners) {
    owners.forEach(owner -> state.policyOf(owner).ifPresent(this::checkPolicy));
  }

  private void checkPolicy(Policy policy) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.POLICY, policy.tenant(), Policy.NAME);
    checkOwner(ref);
    checkSet(ref, "spec.models.allow", policy.rules().allowedModels(), this::isAskable, "model");
    checkSet(ref, "spec.residency.regions", policy.rules().regions(), regions::contains, "region");
    guards.checkNamed(ref, policy.rules().guards());
  }

  private void checkGuards(Collection<String> owners) {
    for (String owner : owners) {
      state.guardsOf(owner).stream().map(GuardRules::refOf).forEach(this::checkOwner);
      guards.checkSize(owner);
    }
  }

  private void checkKeys(Collection<String> owners) {
    for (String owner : owners) {
      state.keysOf(owner).stream().filter(key -> !key.revoked()).forEach(this::checkKey);
      checkKeysPerTenant(owner);
    }
  }

  private void checkBudgets(Collection<String> owners) {
    owners.forEach(owner -> state.budgetsOf(owner).forEach(this::checkBudget));
  }

  private void checkMembers(Collection<String> owners) {
    owners.stream()
        .flatMap(owner -> state.membersOf(owner).stream())
        .map(member -> ResourceRef.ofTenant(Kind.MEMBER, member.tenant(), member.name()))
        .forEach(this::checkOwner);
    owners.forEach(this::checkServiceAccountsPerTenant);
  }

  /** They travel in one resource of a snapshot. */
  private void checkServiceAccountsPerTenant(String tenant) {
    List<Member> programs =
        state.membersOf(tenant).stream().filter(Member::serviceAccount).toList();
    if (programs.size() > SnapshotLimits.MAX_SERVICE_ACCOUNTS_PER_TENANT) {
      report(
          ResourceRef.ofTenant(Kind.MEMBER, tenant, programs.getLast().name()),
          "metadata.name",
          "the tenant would have %d service accounts (expected: at most %d)"
              .formatted(programs.size(), SnapshotLimits.MAX_SERVICE_ACCOUNTS_PER_TENANT));
    }
  }

  private void checkKey(StoredKey key) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.API_KEY, key.tenant(), key.name());
    checkOwner(ref);
    List<String> elsewhere =
        key.models().stream().filter(model -> !models.contains(model)).toList();
    if (!elsewhere.isEmpty()) {
      checkAll(ref, "spec.models", elsewhere, routedFor(key.tenant())::contains, "model");
    }
  }

  /**
   * Names that routes of a tenant and its ancestors give: another tenant's are not its business.
   */
  private Set<String> routedFor(String tenant) {
    return routed.computeIfAbsent(tenant, this::routesOnPathOf);
  }

  private Set<String> routesOnPathOf(String tenant) {
    return tree.path(tenant).stream()
        .flatMap(each -> routeNames(state, each.name()).stream())
        .collect(Collectors.toSet());
  }

  /** One tenant must not use up what a snapshot can hold, as then nobody could write any more. */
  private void checkKeysPerTenant(String tenant) {
    List<StoredKey> live = state.keysOf(tenant).stream().filter(key -> !key.revoked()).toList();
    if (live.size() > MAX_KEYS_PER_TENANT) {
      report(
          ResourceRef.ofTenant(Kind.API_KEY, tenant, live.getLast().name()),
          "metadata.name",
          "the tenant would have %d API keys (expected: at most %d)"
              .formatted(live.size(), MAX_KEYS_PER_TENANT));
    }
  }

  private void checkBudget(Budget budget) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.BUDGET, budget.tenant(), budget.name());
    checkOwner(ref);
    checkScope(ref, budget.scope().apiKey(), budget.scope().model());
    budgetRules.check(ref, budget);
  }

  private void checkRateLimits(Collection<String> owners) {
    for (String owner : owners) {
      for (RateLimit limit : state.rateLimitsOf(owner)) {
        ResourceRef ref = ResourceRef.ofTenant(Kind.RATE_LIMIT, limit.tenant(), limit.name());
        checkOwner(ref);
        checkScope(ref, limit.apiKey(), limit.model());
      }
    }
  }

  /** What a budget or a rate limit is narrowed to. */
  private void checkScope(ResourceRef ref, Optional<String> apiKey, Optional<String> model) {
    model.ifPresent(
        name -> checkAll(ref, "spec.scope.model", List.of(name), models::contains, "model"));
    // A revoked key counts: revoking must always be possible, and it leaves nothing to bind.
    boolean keyExists =
        apiKey.isEmpty()
            || state.keysOf(ref.owner()).stream().anyMatch(key -> key.name().equals(apiKey.get()));
    if (!keyExists) {
      report(
          ref,
          "spec.scope.apiKey",
          "%s has no API key %s".formatted(ref.owner(), apiKey.orElse("")));
    }
  }

  private void checkBudgetsPerPath(Collection<String> tenants) {
    Function<Budget, ResourceRef> ref =
        budget -> ResourceRef.ofTenant(Kind.BUDGET, budget.tenant(), budget.name());
    checkPerPath(
        tenants,
        state::budgetsOf,
        ref,
        "%d budgets would be on the path of %s (expected: at most %d)",
        Collection::size,
        SnapshotLimits.MAX_BUDGETS_PER_PATH);
    checkPerPath(
        tenants,
        state::budgetsOf,
        ref,
        "%d budgets would bind requests of %s (expected: at most %d)",
        budgets -> BudgetCount.most(budgets.stream().map(Budget::rule).toList()),
        SnapshotLimits.MAX_BUDGETS_PER_REQUEST);
  }

  private void checkRateLimitsPerPath(Collection<String> tenants) {
    checkPerPath(
        tenants,
        state::rateLimitsOf,
        limit -> ResourceRef.ofTenant(Kind.RATE_LIMIT, limit.tenant(), limit.name()),
        "%d rate limits would bind requests of %s (expected: at most %d)",
        Collection::size,
        SnapshotLimits.MAX_RATE_LIMITS_PER_REQUEST);
  }

  /** Of what binds a tenant and all below it there may be so many on a path; each is named once. */
  private <R> void checkPerPath(
      Collection<String> tenants,
      Function<String, List<R>> statedBy,
      Function<R, ResourceRef> ref,
      String detail,
      ToIntFunction<List<R>> count,
      int most) {
    Set<ResourceRef> reported = new HashSet<>();
    for (String tenant : tenants) {
      List<R> binding =
          tree.path(tenant).stream().flatMap(each -> statedBy.apply(each.name()).stream()).toList();
      int counted = count.applyAsInt(binding);
      if (counted > most) {
        String said = detail.formatted(counted, tenant, most);
        binding.stream()
            .map(ref)
            .filter(reported::add)
            .forEach(each -> report(each, "spec.scope", said));
      }
    }
  }

  private void checkOwner(ResourceRef ref) {
    checkAll(ref, "metadata.tenant", List.of(ref.owner()), tree.byName()::containsKey, "tenant");
  }

  private void checkSet(
      ResourceRef ref,
      String field,
      Optional<Set<String>> names,
      Predicate<String> known,
      String what) {
    names.ifPresent(set -> checkAll(ref, field, set.stream().sorted().toList(), known, what));
  }

  private void checkAll(
      ResourceRef ref,
      String field,
      Collection<String> names,
      Predicate<String> known,
      String what) {
    for (String name : names) {
      if (!known.test(name)) {
        report(ref, field, what + " " + name + " does not exist");
      }
    }
  }

  private void report(ResourceRef ref, String field, String detail) {
    broken.add(new Broken(ref, field, detail));
  }
}
