package dev.penstock.controlplane.identity;

import java.util.Set;

/** How much of a list somebody may see. */
public sealed interface Scope {

  /** All of it. */
  record Everything() implements Scope {}

  /** What belongs to these tenants; subtrees are spelled out. */
  record Tenants(Set<String> names) implements Scope {
    public Tenants {
      names = Set.copyOf(names);
    }
  }

  /** Whether something of this tenant is in it; what is of no tenant has an empty name. */
  default boolean holds(String tenant) {
    return switch (this) {
      case Everything everything -> true;
      case Tenants(Set<String> names) -> names.contains(tenant);
    };
  }
}
