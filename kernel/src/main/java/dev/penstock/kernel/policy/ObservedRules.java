package dev.penstock.kernel.policy;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What would bind a tenant beyond its {@link EffectivePolicy} if every tenant on its path enforced
 * what it states. A request that breaks nothing but these goes on, and is recorded as one that
 * would have been denied.
 *
 * @param allowedModels models outside of which a request would be denied; absent: no list in
 *     observe mode
 * @param residency regions outside of which it would be; absent: no rule in observe mode
 * @param requiredTags tags without which it would be, beyond the enforced ones
 * @param unknownPrice what would become of a model without a price; absent: nothing is stated in
 *     observe mode
 * @param anyModel no tenant on the path enforces an allow-list and one observes: every model may be
 *     used, and what the observed list lacks is recorded
 * @param keyModels the tenant itself observes, so that the models of its API keys are observed too
 */
public record ObservedRules(
    Optional<Set<String>> allowedModels,
    Optional<Set<String>> residency,
    Set<String> requiredTags,
    Optional<UnknownPrice> unknownPrice,
    boolean anyModel,
    boolean keyModels) {

  /** Everybody enforces. */
  public static final ObservedRules NONE =
      new ObservedRules(
          Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), false, false);

  public ObservedRules {
    allowedModels = allowedModels.map(Set::copyOf);
    residency = residency.map(Set::copyOf);
    requiredTags = Set.copyOf(requiredTags);
    Objects.requireNonNull(unknownPrice, "unknownPrice");
  }

  /** Whether a model would be allowed. */
  public boolean allows(String model) {
    return allowedModels.map(models -> models.contains(model)).orElse(true);
  }

  /** Whether something might be in a region; an unknown (empty) region might not under a rule. */
  public boolean mayBeIn(String region) {
    return residency.map(regions -> !region.isEmpty() && regions.contains(region)).orElse(true);
  }
}
