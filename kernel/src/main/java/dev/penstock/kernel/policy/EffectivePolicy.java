package dev.penstock.kernel.policy;

import dev.penstock.kernel.guard.GuardRef;
import java.time.Duration;
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
 * @param observed what is only recorded
 * @param suspendedBy the uppermost tenant on the path that is suspended: nothing is served
 * @param maxStaleness how long it is served by what may have been changed since, at most; absent
 *     where no ancestor states it
 * @param guards that every request passes, those of the root first; each once
 * @param hipaa whether the tenant is in HIPAA mode, see {@link Hipaa}
 */
public record EffectivePolicy(
    List<String> tenantPath,
    Set<String> allowedModels,
    Optional<Set<String>> residency,
    Map<String, String> tags,
    Set<String> requiredTags,
    UnknownPrice unknownPrice,
    ObservedRules observed,
    Optional<String> suspendedBy,
    Optional<Duration> maxStaleness,
    List<GuardRef> guards,
    boolean hipaa) {

  public EffectivePolicy {
    tenantPath = List.copyOf(tenantPath);
    allowedModels = Set.copyOf(allowedModels);
    residency = residency.map(Set::copyOf);
    tags = Map.copyOf(tags);
    requiredTags = Set.copyOf(requiredTags);
    Objects.requireNonNull(unknownPrice, "unknownPrice");
    Objects.requireNonNull(observed, "observed");
    Objects.requireNonNull(suspendedBy, "suspendedBy");
    Objects.requireNonNull(maxStaleness, "maxStaleness");
    guards = List.copyOf(guards);
  }

  /** A policy of a tenant that is not in HIPAA mode. */
  public EffectivePolicy(
      List<String> tenantPath,
      Set<String> allowedModels,
      Optional<Set<String>> residency,
      Map<String, String> tags,
      Set<String> requiredTags,
      UnknownPrice unknownPrice,
      ObservedRules observed,
      Optional<String> suspendedBy,
      Optional<Duration> maxStaleness,
      List<GuardRef> guards) {
    this(
        tenantPath,
        allowedModels,
        residency,
        tags,
        requiredTags,
        unknownPrice,
        observed,
        suspendedBy,
        maxStaleness,
        guards,
        false);
  }

  /** A policy without guards. */
  public EffectivePolicy(
      List<String> tenantPath,
      Set<String> allowedModels,
      Optional<Set<String>> residency,
      Map<String, String> tags,
      Set<String> requiredTags,
      UnknownPrice unknownPrice,
      ObservedRules observed,
      Optional<String> suspendedBy,
      Optional<Duration> maxStaleness) {
    this(
        tenantPath,
        allowedModels,
        residency,
        tags,
        requiredTags,
        unknownPrice,
        observed,
        suspendedBy,
        maxStaleness,
        List.of());
  }

  /** A policy of which everything is enforced, of a tenant that is served. */
  public EffectivePolicy(
      List<String> tenantPath,
      Set<String> allowedModels,
      Optional<Set<String>> residency,
      Map<String, String> tags,
      Set<String> requiredTags,
      UnknownPrice unknownPrice) {
    this(
        tenantPath,
        allowedModels,
        residency,
        tags,
        requiredTags,
        unknownPrice,
        ObservedRules.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /** The same policy for a catalogue in which only some models are left. */
  public EffectivePolicy withModels(Set<String> models) {
    return new EffectivePolicy(
        tenantPath,
        models,
        residency,
        tags,
        requiredTags,
        unknownPrice,
        observed,
        suspendedBy,
        maxStaleness,
        guards,
        hipaa);
  }

  /** The same policy of a tenant that one on its path suspends. */
  public EffectivePolicy withSuspendedBy(String tenant) {
    return new EffectivePolicy(
        tenantPath,
        allowedModels,
        residency,
        tags,
        requiredTags,
        unknownPrice,
        observed,
        Optional.of(tenant),
        maxStaleness,
        guards,
        hipaa);
  }

  /** Whether a model may be used, recorded or not. */
  public boolean mayUse(String model) {
    return observed.anyModel() || allowedModels.contains(model);
  }

  /**
   * Whether something may be in a region; an unknown (empty) region may not where a rule exists.
   */
  public boolean mayBeIn(String region) {
    return residency.map(regions -> !region.isEmpty() && regions.contains(region)).orElse(true);
  }
}
