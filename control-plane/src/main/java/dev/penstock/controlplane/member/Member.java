package dev.penstock.controlplane.member;

import dev.penstock.controlplane.identity.Role;
import dev.penstock.controlplane.manifest.Named;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody with roles at a tenant and at everything below it, or a program of the tenant that has
 * tokens of its own and no roles.
 *
 * @param id given once, when the member is first written
 * @param subject who it is to the identity provider: its user name, its verified e-mail address or
 *     its id there
 * @param serviceAccount whether it is a program
 */
public record Member(
    UUID id, String tenant, String name, String subject, Set<Role> roles, boolean serviceAccount)
    implements Named {

  /** What the clients of all programs begin with. */
  public static final String CLIENT_PREFIX = "penstock.";

  /** As Keycloak calls the users behind clients. */
  private static final String USER_PREFIX = "service-account-";

  public Member {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(subject, "subject");
    roles = Set.copyOf(roles);
  }

  /** The same member under the id it has been given. */
  Member withId(UUID given) {
    return new Member(given, tenant, name, subject, roles, serviceAccount);
  }

  /** A program of a tenant. */
  static Member program(UUID id, String tenant, String name) {
    return new Member(id, tenant, name, USER_PREFIX + clientPrefix(tenant) + name, Set.of(), true);
  }

  /** As which client a program gets its tokens. Names have no dot, so no two share one. */
  public String clientId() {
    return clientPrefix(tenant) + name;
  }

  /** What the clients of a tenant's programs begin with. */
  public static String clientPrefix(String tenant) {
    return CLIENT_PREFIX + tenant + ".";
  }
}
