package dev.penstock.kernel.policy;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One tenant on the way from the root down: its name, its tags and its own policy. */
public record TenantRules(
    String name, Map<String, String> tags, Set<String> requiredTags, PolicyRules policy) {

  public TenantRules {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(policy, "policy");
    tags = Map.copyOf(tags);
    requiredTags = Set.copyOf(requiredTags);
  }
}
