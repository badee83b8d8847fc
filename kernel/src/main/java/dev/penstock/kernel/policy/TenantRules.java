package dev.penstock.kernel.policy;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One tenant on the way from the root down.
 *
 * @param suspended nothing below is served
 */
public record TenantRules(
    String name,
    Map<String, String> tags,
    Set<String> requiredTags,
    PolicyRules policy,
    boolean suspended) {

  public TenantRules {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(policy, "policy");
    tags = Map.copyOf(tags);
    requiredTags = Set.copyOf(requiredTags);
  }

  /** A tenant that is not suspended. */
  public TenantRules(
      String name, Map<String, String> tags, Set<String> requiredTags, PolicyRules policy) {
    this(name, tags, requiredTags, policy, false);
  }

  /** Whether what this tenant states is enforced. */
  public boolean enforces() {
    return policy.mode() == PolicyMode.ENFORCE;
  }
}
