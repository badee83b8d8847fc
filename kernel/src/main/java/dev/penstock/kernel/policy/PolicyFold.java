package dev.penstock.kernel.policy;

import dev.penstock.kernel.guard.GuardRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folds the policies on a tenant's path into the one that binds it.
 *
 * <p>Allow-lists and regions intersect, the stricter answer to an unknown price wins, required tags
 * add up, tags are overridden from below. The first tenant from the root that states an allow-list
 * opens it; where none does, nothing is allowed. So a child never has a model or region that an
 * ancestor with a statement lacks. Guards add up, too: what an ancestor names a child cannot leave
 * out, and a guard of the same name that a child owns is another one and takes nobody's place.
 *
 * <p>What tenants in observe mode state is folded apart from what the others enforce. So a tenant
 * that observes softens its own statements only: an ancestor's, which stand in the enforced part,
 * bind it as if it enforced, too. How old a policy may be is no rule about requests, so the
 * strictest limit on the path holds in either mode. So does HIPAA mode, once anybody on the path
 * states it. Money is never softened: where nobody states a ceiling, a model without a price is
 * refused, because what it costs could not be charged to any budget.
 */
public final class PolicyFold {

  private PolicyFold() {}

  /**
   * @param rootToTenant the path from the root tenant to the tenant itself
   * @throws IllegalArgumentException if the path is empty
   */
  public static EffectivePolicy fold(List<TenantRules> rootToTenant) {
    if (rootToTenant.isEmpty()) {
      throw new IllegalArgumentException("path: empty (expected: at least the root tenant)");
    }
    List<String> path = new ArrayList<>(rootToTenant.size());
    Map<String, String> tags = new HashMap<>();
    Statements enforced = new Statements();
    Statements observed = new Statements();
    Optional<String> suspendedBy = Optional.empty();
    Optional<Duration> maxStaleness = Optional.empty();
    boolean hipaa = false;
    for (TenantRules tenant : rootToTenant) {
      path.add(tenant.name());
      tags.putAll(tenant.tags());
      (tenant.enforces() ? enforced : observed).add(tenant);
      if (suspendedBy.isEmpty() && tenant.suspended()) {
        suspendedBy = Optional.of(tenant.name());
      }
      maxStaleness = shorter(maxStaleness, tenant.policy().maxStaleness());
      hipaa |= tenant.policy().hipaa();
    }
    return new EffectivePolicy(
        path,
        enforced.models.orElse(Set.of()),
        enforced.regions,
        tags,
        enforced.requiredTags,
        unknownPrice(enforced, observed),
        observed(enforced, observed, rootToTenant.getLast()),
        suspendedBy,
        hipaa ? shorter(maxStaleness, Optional.of(Hipaa.MOST_STALENESS)) : maxStaleness,
        guards(rootToTenant),
        hipaa);
  }

  /** A guard that two tenants name is one; it is observed where nobody enforces it. */
  private static List<GuardRef> guards(List<TenantRules> rootToTenant) {
    Map<GuardRef, Boolean> observed = new LinkedHashMap<>();
    for (int i = 0; i < rootToTenant.size(); i++) {
      TenantRules tenant = rootToTenant.get(i);
      for (String name : tenant.policy().guards()) {
        GuardRef guard = new GuardRef(ownerOf(name, rootToTenant.subList(0, i + 1)), name, false);
        observed.merge(guard, !tenant.enforces(), Boolean::logicalAnd);
      }
    }
    return observed.entrySet().stream()
        .map(each -> new GuardRef(each.getKey().tenant(), each.getKey().name(), each.getValue()))
        .toList();
  }

  /**
   * Who owns the guard that the last tenant of a path means. One that nobody has is taken for its
   * own: it is found missing later, and never left out.
   */
  public static String ownerOf(String guard, List<TenantRules> rootToTenant) {
    return rootToTenant.reversed().stream()
        .filter(tenant -> tenant.ownGuards().contains(guard))
        .findFirst()
        .orElse(rootToTenant.getLast())
        .name();
  }

  private static Optional<Duration> shorter(Optional<Duration> above, Optional<Duration> own) {
    if (above.isEmpty() || own.isEmpty()) {
      return above.or(() -> own);
    }
    return above.get().compareTo(own.get()) <= 0 ? above : own;
  }

  /** What some tenants on a path state together. */
  private static final class Statements {

    private Optional<Set<String>> models = Optional.empty();
    private Optional<Set<String>> regions = Optional.empty();
    private Optional<UnknownPrice> unknownPrice = Optional.empty();
    private Optional<UnknownPrice> ceiling = Optional.empty();
    private final Set<String> requiredTags = new HashSet<>();

    void add(TenantRules tenant) {
      models = narrow(models, tenant.policy().allowedModels());
      regions = narrow(regions, tenant.policy().regions());
      unknownPrice = stricter(unknownPrice, tenant.policy().unknownPrice());
      ceiling =
          stricter(
              ceiling,
              tenant.policy().unknownPrice().filter(UnknownPrice.Ceiling.class::isInstance));
      requiredTags.addAll(tenant.requiredTags());
    }
  }

  /**
   * An observed ceiling is a price to charge, so it may take the place of the refusal by default.
   */
  private static UnknownPrice unknownPrice(Statements enforced, Statements observed) {
    return enforced.unknownPrice.or(() -> observed.ceiling).orElseGet(UnknownPrice.Refuse::new);
  }

  private static ObservedRules observed(
      Statements enforced, Statements observed, TenantRules tenant) {
    Set<String> requiredTags = new HashSet<>(observed.requiredTags);
    requiredTags.removeAll(enforced.requiredTags);
    return new ObservedRules(
        observed.models,
        observed.regions,
        requiredTags,
        observed.unknownPrice,
        enforced.models.isEmpty() && observed.models.isPresent(),
        !tenant.enforces());
  }

  private static Optional<Set<String>> narrow(
      Optional<Set<String>> above, Optional<Set<String>> own) {
    if (above.isEmpty() || own.isEmpty()) {
      return above.or(() -> own);
    }
    Set<String> both = new HashSet<>(above.get());
    both.retainAll(own.get());
    return Optional.of(both);
  }

  private static Optional<UnknownPrice> stricter(
      Optional<UnknownPrice> above, Optional<UnknownPrice> own) {
    if (above.isEmpty() || own.isEmpty()) {
      return above.or(() -> own);
    }
    return Optional.of(UnknownPrice.stricter(above.get(), own.get()));
  }
}
