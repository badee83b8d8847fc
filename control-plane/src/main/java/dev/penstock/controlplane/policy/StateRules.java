package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.region.Region;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What must hold over all resources together: references lead somewhere, the tenants are a tree, no
 * request can be bound by too many budgets. Run over the state as it would be, so that neither the
 * order of manifests nor the kind of change (a deletion is one) matters.
 */
public final class StateRules {

  private static final int MAX_KEYS_PER_TENANT = 2_000;

  private final PolicyState state;
  private final Set<String> regions;
  private final Set<String> tenants;
  private final Set<String> models;
  private final Set<String> askable; // the catalogue's names and those of routes
  private final Set<String> providers;
  private final Set<ResourceRef> secrets;
  private final List<Broken> broken = new ArrayList<>();
  private final Map<String, Set<String>> routed = new HashMap<>(); // by tenant, as needed
  private @Nullable TenantTree tree;

  private StateRules(PolicyState state) {
    this.state = state;
    regions = state.regions().stream().map(Region::name).collect(Collectors.toSet());
    tenants = state.tenants().stream().map(Tenant::name).collect(Collectors.toSet());
    models = state.models().stream().map(Model::name).collect(Collectors.toSet());
    askable = new HashSet<>(models);
    state.routes().forEach(route -> askable.add(route.model()));
    providers = state.providers().stream().map(Provider::name).collect(Collectors.toSet());
    secrets =
        state.secrets().stream()
            .map(secret -> ResourceRef.ofTenant(Kind.SECRET, secret.tenant(), secret.name()))
            .collect(Collectors.toSet());
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
   * As {@link #check(PolicyState)}, of a state that follows on one in which all rules held. Where
   * only keys have changed, only what concerns them is looked at.
   */
  public static List<Broken> check(PolicyState before, PolicyState state) {
    Optional<Set<String>> tenants = before.differsInKeysOf(state);
    return tenants.isPresent() ? new StateRules(state).runFor(tenants.get()) : check(state);
  }

  private List<Broken> runFor(Set<String> tenantsOfKeys) {
    tenantsOfKeys.stream()
        .flatMap(tenant -> state.keysOf(tenant).stream())
        .filter(key -> !key.revoked())
        .forEach(this::checkKey);
    tenantsOfKeys.forEach(this::checkKeysPerTenant);
    state.budgets().stream()
        .filter(budget -> tenantsOfKeys.contains(budget.tenant()))
        .forEach(this::checkBudget);
    return List.copyOf(broken);
  }

  private List<Broken> run() {
    tree().check((tenant, detail) -> report(tenant, "spec.parent", detail));
    state.secrets().forEach(this::checkSecret);
    state.providers().forEach(this::checkProvider);
    checkModels();
    checkRoutes();
    state.policies().forEach(this::checkPolicy);
    state.keys().stream().filter(key -> !key.revoked()).forEach(this::checkKey);
    tenants.forEach(this::checkKeysPerTenant);
    state.budgets().forEach(this::checkBudget);
    state
        .members()
        .forEach(member ->
            checkOwner(ResourceRef.ofTenant(Kind.MEMBER, member.tenant(), member.name())));
    checkBudgetsPerPath(tree());
    return List.copyOf(broken);
  }

  private void checkSecret(Secret secret) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.SECRET, secret.tenant(), secret.name());
    checkOwner(ref);
    checkAll(ref, "spec.regions", secret.regions(), regions, "region");
  }

  private void checkProvider(Provider provider) {
    ResourceRef ref = ResourceRef.ofPlatform(Kind.PROVIDER, provider.name());
    provider
        .region()
        .ifPresent(region -> checkAll(ref, "spec.region", List.of(region), regions, "region"));
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
        checkAll(ref, field + ".provider", List.of(deployment.provider()), providers, "provider");
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

  private void checkRoutes() {
    Set<String> deployments =
        state.models().stream()
            .flatMap(model -> model.deployments().stream())
            .map(Deployment::name)
            .collect(Collectors.toSet());
    Map<String, String> nameOf = new HashMap<>();
    for (Route route : state.routes()) {
      ResourceRef ref = ResourceRef.ofTenant(Kind.ROUTE, route.tenant(), route.name());
      checkOwner(ref);
      for (int group = 0; group < route.groups().size(); group++) {
        List<Route.Target> targets = route.groups().get(group);
        for (int i = 0; i < targets.size(); i++) {
          checkAll(
              ref,
              "spec.groups[%d][%d].deployment".formatted(group, i),
              List.of(targets.get(i).deployment()),
              deployments,
              "deployment");
        }
      }
      String other = nameOf.putIfAbsent(route.tenant() + " " + route.model(), route.name());
      if (other != null) {
        report(ref, "spec.model", "route %s has model %s already".formatted(other, route.model()));
      }
    }
  }

  private void checkPolicy(Policy policy) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.POLICY, policy.tenant(), Policy.NAME);
    checkOwner(ref);
    checkSet(ref, "spec.models.allow", policy.rules().allowedModels(), askable, "model");
    checkSet(ref, "spec.residency.regions", policy.rules().regions(), regions, "region");
  }

  private void checkKey(StoredKey key) {
    ResourceRef ref = ResourceRef.ofTenant(Kind.API_KEY, key.tenant(), key.name());
    checkOwner(ref);
    List<String> elsewhere =
        key.models().stream().filter(model -> !models.contains(model)).toList();
    if (!elsewhere.isEmpty()) {
      checkAll(ref, "spec.models", elsewhere, routedFor(key.tenant()), "model");
    }
  }

  /**
   * Names that routes of a tenant and its ancestors give: another tenant's are not its business.
   */
  private Set<String> routedFor(String tenant) {
    return routed.computeIfAbsent(tenant, this::routesOnPathOf);
  }

  private Set<String> routesOnPathOf(String tenant) {
    Set<String> path = tree().path(tenant).stream().map(Tenant::name).collect(Collectors.toSet());
    return state.routes().stream()
        .filter(route -> path.contains(route.tenant()))
        .map(Route::model)
        .collect(Collectors.toSet());
  }

  /** Made when it is first needed: most changes of keys do not. */
  private TenantTree tree() {
    if (tree == null) {
      tree = new TenantTree(state.tenants());
    }
    return tree;
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
    budget
        .model()
        .ifPresent(model -> checkAll(ref, "spec.scope.model", List.of(model), models, "model"));
    // A revoked key counts: revoking must always be possible, and it leaves the budget nothing to
    // bind.
    boolean keyExists =
        budget.apiKey().isEmpty()
            || state.keysOf(budget.tenant()).stream()
                .anyMatch(key -> key.name().equals(budget.apiKey().get()));
    if (!keyExists) {
      report(
          ref,
          "spec.scope.apiKey",
          "%s has no API key %s".formatted(budget.tenant(), budget.apiKey().orElse("")));
    }
  }

  private void checkBudgetsPerPath(TenantTree tree) {
    Map<String, List<Budget>> byTenant =
        state.budgets().stream().collect(Collectors.groupingBy(Budget::tenant));
    Set<ResourceRef> reported = new HashSet<>();
    for (Tenant tenant : state.tenants()) {
      List<Budget> binding =
          tree.path(tenant.name()).stream()
              .flatMap(each -> byTenant.getOrDefault(each.name(), List.of()).stream())
              .toList();
      if (binding.size() > SnapshotLimits.MAX_BUDGETS_PER_REQUEST) {
        binding.stream()
            .map(budget -> ResourceRef.ofTenant(Kind.BUDGET, budget.tenant(), budget.name()))
            .filter(reported::add)
            .forEach(ref -> report(ref, "spec.scope", tooMany(tenant, binding.size())));
      }
    }
  }

  private static String tooMany(Tenant tenant, int count) {
    return "%d budgets would bind requests of %s (expected: at most %d)"
        .formatted(count, tenant.name(), SnapshotLimits.MAX_BUDGETS_PER_REQUEST);
  }

  private void checkOwner(ResourceRef ref) {
    checkAll(ref, "metadata.tenant", List.of(ref.owner()), tenants, "tenant");
  }

  private void checkSet(
      ResourceRef ref, String field, Optional<Set<String>> names, Set<String> known, String what) {
    names.ifPresent(set -> checkAll(ref, field, set.stream().sorted().toList(), known, what));
  }

  private void checkAll(
      ResourceRef ref, String field, Collection<String> names, Set<String> known, String what) {
    for (String name : names) {
      if (!known.contains(name)) {
        report(ref, field, what + " " + name + " does not exist");
      }
    }
  }

  private void report(ResourceRef ref, String field, String detail) {
    broken.add(new Broken(ref, field, detail));
  }
}
