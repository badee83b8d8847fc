package dev.penstock.kernel.guard;

import java.util.Objects;

/**
 * A guard that binds a tenant.
 *
 * @param tenant whose guard it is: the tenant that names it, or an ancestor
 * @param observed only tenants in observe mode name it: what it finds is recorded, nothing changed
 */
public record GuardRef(String tenant, String name, boolean observed) {

  public GuardRef {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
  }

  /** As sentences and records name it. */
  public String label() {
    return tenant + "/" + name;
  }
}
