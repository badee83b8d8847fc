package dev.penstock.controlplane.identity;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who calls the admin API.
 *
 * @param name as revisions and audit events name the caller
 * @param roles held over the whole platform
 * @param tenants roles held at a tenant and at everything below it, by the tenant's name
 * @param subjects as whom members of tenants may be this caller
 * @param steppedUpAt when the caller proved itself strongly enough for destructive actions
 */
public record Caller(
    String name,
    Kind kind,
    Set<Role> roles,
    Map<String, Set<Role>> tenants,
    Set<String> subjects,
    Optional<Instant> steppedUpAt) {

  /** The bearer of the bootstrap token: runs the platform, and writes its secrets as well. */
  public static final Caller ADMIN_TOKEN =
      new Caller(
          "admin-token",
          Kind.ADMIN_TOKEN,
          Set.of(Role.PLATFORM_ADMIN, Role.SECRET_CUSTODIAN),
          Map.of(),
          Set.of(),
          Optional.empty());

  /** How the caller proved who it is. */
  public enum Kind {
    ADMIN_TOKEN,
    OIDC
  }

  public Caller {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(steppedUpAt, "steppedUpAt");
    roles = Set.copyOf(roles);
    tenants =
        tenants.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    subjects = Set.copyOf(subjects);
  }

  /** The same caller with further roles at tenants. */
  Caller with(Map<String, Set<Role>> memberships) {
    Map<String, Set<Role>> all = new HashMap<>();
    tenants.forEach((tenant, held) -> all.put(tenant, new HashSet<>(held)));
    memberships.forEach(
        (tenant, held) -> all.computeIfAbsent(tenant, name -> new HashSet<>()).addAll(held));
    return new Caller(name, kind, roles, all, subjects, steppedUpAt);
  }
}
