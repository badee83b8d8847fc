package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.policy.PolicyRules;
import java.util.Objects;

/** What one tenant states. */
public record Policy(String tenant, PolicyRules rules) implements Named {

  /** The only name a policy can have: there is one a tenant. */
  public static final String NAME = "default";

  public Policy {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(rules, "rules");
  }

  @Override
  public String name() {
    return NAME;
  }
}
