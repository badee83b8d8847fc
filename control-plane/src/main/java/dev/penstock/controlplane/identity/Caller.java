package dev.penstock.controlplane.identity;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who calls the admin API.
 *
 * @param name as revisions and audit events name the caller
 * @param roles held over the whole platform
 * @param tenants roles held at a tenant and at everything below it, by the tenant's name
 */
public record Caller(String name, Kind kind, Set<Role> roles, Map<String, Set<Role>> tenants) {

  /** The bearer of the bootstrap token: runs the platform, and writes its secrets as well. */
  public static final Caller ADMIN_TOKEN =
      new Caller(
          "admin-token",
          Kind.ADMIN_TOKEN,
          Set.of(Role.PLATFORM_ADMIN, Role.SECRET_CUSTODIAN),
          Map.of());

  /** How the caller proved who it is. */
  public enum Kind {
    ADMIN_TOKEN,
    OIDC
  }

  public Caller {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    roles = Set.copyOf(roles);
    tenants =
        tenants.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
  }
}
