package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.guard.GuardLimits;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What must hold of guards and of the policies that name them; a part of {@link StateRules}. */
final class GuardRules {

  /** Hears of each rule that does not hold. */
  @FunctionalInterface
  interface Report {
    void broken(ResourceRef resource, String field, String detail);
  }

  private final PolicyState state;
  private final Report report;

  GuardRules(PolicyState state, Report report) {
    this.state = Objects.requireNonNull(state, "state");
    this.report = Objects.requireNonNull(report, "report");
  }

  /** That each guard that a policy names is the tenant's own or an ancestor's. */
  void checkNamed(ResourceRef policy, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (owner(pathOf(policy.owner()), name).isEmpty()) {
        report.broken(
            policy,
            "spec.guards[" + i + "]",
            "guard %s does not exist in %s or above it".formatted(name, policy.owner()));
      }
    }
  }

  /** Names from the root down to the tenant. */
  private Stream<String> pathOf(String tenant) {
    return state.tree().path(tenant).stream().map(Tenant::name);
  }

  /** The first of some tenants that has a guard of a name. */
  private Optional<String> owner(Stream<String> tenants, String guard) {
    return tenants
        .filter(owner -> state.guardsOf(owner).stream().anyMatch(each -> each.name().equals(guard)))
        .findFirst();
  }

  /** That a tenant's guards fit into its resource of a snapshot. */
  void checkSize(String owner) {
    List<StatedGuard> guards = state.guardsOf(owner);
    if (guards.size() > GuardLimits.MAX_GUARDS_PER_TENANT) {
      report.broken(
          refOf(guards.getLast()),
          "metadata.name",
          "the tenant would have %d guards (expected: at most %d)"
              .formatted(guards.size(), GuardLimits.MAX_GUARDS_PER_TENANT));
    }
    int length = guards.stream().mapToInt(StatedGuard::length).sum();
    if (length > GuardLimits.MAX_LENGTH_PER_TENANT) {
      report.broken(
          refOf(guards.getLast()),
          "spec.detectors",
          "terms and patterns of the tenant would have %d characters (expected: at most %d)"
              .formatted(length, GuardLimits.MAX_LENGTH_PER_TENANT));
    }
  }

  /**
   * That no guard has the name of one above it. Whoever administers a tenant writes its guards, and
   * not its policy: with a guard of its own of that name it could have the policy mean this one in
   * place of the ancestor's, and so be rid of the ancestor's.
   */
  void checkUnambiguous(String tenant) {
    for (StatedGuard guard : state.guardsOf(tenant)) {
      owner(pathOf(tenant).filter(name -> !name.equals(tenant)), guard.name())
          .ifPresent(owner ->
              report.broken(
                  refOf(guard),
                  "metadata.name",
                  "%s has a guard %s, too, and policies of %s could mean either (expected: a name that no tenant above it uses)"
                      .formatted(owner, guard.name(), tenant)));
    }
  }

  static ResourceRef refOf(StatedGuard guard) {
    return ResourceRef.ofTenant(Kind.GUARD, guard.tenant(), guard.name());
  }

  /**
   * That no request passes too many. Counted as they are named: one that two tenants name counts
   * twice, so that nothing is folded.
   */
  void checkPerPath(Collection<String> tenants) {
    Set<ResourceRef> reported = new HashSet<>();
    for (String tenant : tenants) {
      List<Policy> stating =
          state.tree().path(tenant).stream()
              .flatMap(each -> state.policyOf(each.name()).stream())
              .filter(policy -> !policy.rules().guards().isEmpty())
              .toList();
      int named = stating.stream().mapToInt(policy -> policy.rules().guards().size()).sum();
      if (named > GuardLimits.MAX_GUARDS_PER_REQUEST) {
        stating.stream()
            .map(policy -> ResourceRef.ofTenant(Kind.POLICY, policy.tenant(), Policy.NAME))
            .filter(reported::add)
            .forEach(ref ->
                report.broken(
                    ref,
                    "spec.guards",
                    "%d guards would be named on the path of %s (expected: at most %d)"
                        .formatted(named, tenant, GuardLimits.MAX_GUARDS_PER_REQUEST)));
      }
    }
  }
}
