package dev.penstock.kernel.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * ancestor with a statement lacks.
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
    List<String> path = new ArrayList<>();
    Map<String, String> tags = new HashMap<>();
    Set<String> requiredTags = new HashSet<>();
    Optional<Set<String>> models = Optional.empty();
    Optional<Set<String>> regions = Optional.empty();
    Optional<UnknownPrice> unknownPrice = Optional.empty();
    for (TenantRules tenant : rootToTenant) {
      path.add(tenant.name());
      tags.putAll(tenant.tags());
      requiredTags.addAll(tenant.requiredTags());
      models = narrow(models, tenant.policy().allowedModels());
      regions = narrow(regions, tenant.policy().regions());
      unknownPrice = stricter(unknownPrice, tenant.policy().unknownPrice());
    }
    return new EffectivePolicy(
        path,
        models.orElse(Set.of()),
        regions,
        tags,
        requiredTags,
        unknownPrice.orElseGet(UnknownPrice.Refuse::new));
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
