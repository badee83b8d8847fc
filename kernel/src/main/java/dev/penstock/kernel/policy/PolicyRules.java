package dev.penstock.kernel.policy;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one tenant's own policy states; an empty {@link Optional} states nothing.
 *
 * @param allowedModels models the tenant and its descendants may use at most
 * @param regions regions in which node, provider, credential and record may be at most
 */
public record PolicyRules(
    Optional<Set<String>> allowedModels,
    Optional<Set<String>> regions,
    Optional<UnknownPrice> unknownPrice) {

  public static final PolicyRules NONE =
      new PolicyRules(Optional.empty(), Optional.empty(), Optional.empty());

  public PolicyRules {
    allowedModels = allowedModels.map(Set::copyOf);
    regions = regions.map(Set::copyOf);
    Objects.requireNonNull(unknownPrice, "unknownPrice");
  }
}
