package dev.penstock.controlplane.identity;

import java.util.Map;
import java.util.Set;

/** What tenants have made of somebody. */
public interface Memberships {

  /** Roles by the tenant at which they are held. May block. */
  Map<String, Set<Role>> of(Set<String> subjects);
}
