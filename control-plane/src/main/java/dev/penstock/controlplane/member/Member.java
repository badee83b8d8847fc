package dev.penstock.controlplane.member;

import dev.penstock.controlplane.identity.Role;
import dev.penstock.controlplane.manifest.Named;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody with roles at a tenant and at everything below it.
 *
 * @param id given once, when the member is first written
 * @param subject who it is to the identity provider: its user name, its verified e-mail address or
 *     its id there
 */
public record Member(UUID id, String tenant, String name, String subject, Set<Role> roles)
    implements Named {

  public Member {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(subject, "subject");
    roles = Set.copyOf(roles);
  }

  /** The same member under the id it has been given. */
  Member withId(UUID given) {
    return new Member(given, tenant, name, subject, roles);
  }
}
