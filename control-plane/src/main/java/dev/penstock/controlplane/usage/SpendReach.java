package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.tenant.TenantLines;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Of which tenants the caller is told what they spend. */
@Singleton
public class SpendReach {

  private final Gate gate;
  private final TenantLines lines;
  private final CurrentCaller caller;

  SpendReach(Gate gate, TenantLines lines, CurrentCaller caller) {
    this.gate = gate;
    this.lines = lines;
    this.caller = caller;
  }

  /**
   * What the caller may see, narrowed to a subtree where one is asked for; of a tenant that the
   * caller does not reach nothing, as of one that is not there.
   */
  public Scope of(@Nullable String under) {
    Scope all = gate.scope(caller.get(), "spend");
    if (under == null) {
      return all;
    }
    Set<String> below = new HashSet<>(lines.downFrom(Set.of(under)));
    below.removeIf(tenant -> !all.holds(tenant));
    return new Scope.Tenants(below);
  }
}
