package dev.penstock.kernel.policy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What binds a tenant once every ancestor has been heard.
 *
 * @param tenantPath names from the root tenant down to this one
 * @param allowedModels models it may use; empty where no ancestor allows any
 * @param residency regions it is bound to; absent where no ancestor has a rule
 * @param tags tags that its requests carry
 * @param requiredTags tags that its requests must carry
 */
public record EffectivePolicy(
    List<String> tenantPath,
    Set<String> allowedModels,
    Optional<Set<String>> residency,
    Map<String, String> tags,
    Set<String> requiredTags,
    UnknownPrice unknownPrice) {

  public EffectivePolicy {
    tenantPath = List.copyOf(tenantPath);
    allowedModels = Set.copyOf(allowedModels);
    residency = residency.map(Set::copyOf);
    tags = Map.copyOf(tags);
    requiredTags = Set.copyOf(requiredTags);
    Objects.requireNonNull(unknownPrice, "unknownPrice");
  }

  /**
   * Whether something may be in a region; an unknown (empty) region may not where a rule exists.
   */
  public boolean mayBeIn(String region) {
    return residency.map(regions -> !region.isEmpty() && regions.contains(region)).orElse(true);
  }
}
