package dev.penstock.kernel.policy;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One tenant on the way from the root down.
 *
 * @param suspended nothing below is served
 * @param ownGuards names of the guards that are the tenant's own, named by a policy or not
 */
public record TenantRules(
    String name,
    Map<String, String> tags,
    Set<String> requiredTags,
    PolicyRules policy,
    boolean suspended,
    Set<String> ownGuards) {

  public TenantRules {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(policy, "policy");
    tags = Map.copyOf(tags);
    requiredTags = Set.copyOf(requiredTags);
    ownGuards = Set.copyOf(ownGuards);
  }

  /** A tenant without guards of its own. */
  public TenantRules(
      String name,
      Map<String, String> tags,
      Set<String> requiredTags,
      PolicyRules policy,
      boolean suspended) {
    this(name, tags, requiredTags, policy, suspended, Set.of());
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
