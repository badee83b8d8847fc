package dev.penstock.kernel.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one tenant's own policy states; an empty {@link Optional} states nothing.
 *
 * @param mode whether what the tenant states is enforced or observed
 * @param allowedModels models the tenant and its descendants may use at most
 * @param regions regions in which node, provider, credential and record may be at most
 * @param maxStaleness how long the tenant and its descendants are served by what may have been
 *     changed since
 * @param guards names of guards that the tenant's requests and its descendants' pass, in order;
 *     each the tenant's own, or the nearest ancestor's
 * @param hipaa whether the tenant and its descendants are in HIPAA mode, see {@link Hipaa}
 */
public record PolicyRules(
    PolicyMode mode,
    Optional<Set<String>> allowedModels,
    Optional<Set<String>> regions,
    Optional<UnknownPrice> unknownPrice,
    Optional<Duration> maxStaleness,
    List<String> guards,
    boolean hipaa) {

  public static final PolicyRules NONE =
      new PolicyRules(PolicyMode.ENFORCE, Optional.empty(), Optional.empty(), Optional.empty());

  public PolicyRules {
    Objects.requireNonNull(mode, "mode");
    allowedModels = allowedModels.map(Set::copyOf);
    regions = regions.map(Set::copyOf);
    Objects.requireNonNull(unknownPrice, "unknownPrice");
    Objects.requireNonNull(maxStaleness, "maxStaleness");
    guards = List.copyOf(guards);
  }

  /** Rules that do not state HIPAA mode. */
  public PolicyRules(
      PolicyMode mode,
      Optional<Set<String>> allowedModels,
      Optional<Set<String>> regions,
      Optional<UnknownPrice> unknownPrice,
      Optional<Duration> maxStaleness,
      List<String> guards) {
    this(mode, allowedModels, regions, unknownPrice, maxStaleness, guards, false);
  }

  /** Rules that state no guards. */
  public PolicyRules(
      PolicyMode mode,
      Optional<Set<String>> allowedModels,
      Optional<Set<String>> regions,
      Optional<UnknownPrice> unknownPrice,
      Optional<Duration> maxStaleness) {
    this(mode, allowedModels, regions, unknownPrice, maxStaleness, List.of());
  }

  /** Rules that state nothing about staleness. */
  public PolicyRules(
      PolicyMode mode,
      Optional<Set<String>> allowedModels,
      Optional<Set<String>> regions,
      Optional<UnknownPrice> unknownPrice) {
    this(mode, allowedModels, regions, unknownPrice, Optional.empty());
  }

  /** Enforced rules. */
  public PolicyRules(
      Optional<Set<String>> allowedModels,
      Optional<Set<String>> regions,
      Optional<UnknownPrice> unknownPrice) {
    this(PolicyMode.ENFORCE, allowedModels, regions, unknownPrice);
  }
}
