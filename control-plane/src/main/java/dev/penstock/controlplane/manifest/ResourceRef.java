package dev.penstock.controlplane.manifest;

import java.util.Objects;
import java.util.Optional;

/**
 * Names one resource.
 *
 * @param tenant the owner; empty for what the platform owns
 */
public record ResourceRef(Kind kind, Optional<String> tenant, String name) {

  public ResourceRef {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
  }

  public static ResourceRef ofPlatform(Kind kind, String name) {
    return new ResourceRef(kind, Optional.empty(), name);
  }

  public static ResourceRef ofTenant(Kind kind, String tenant, String name) {
    return new ResourceRef(kind, Optional.of(tenant), name);
  }

  /** The owner of a tenant's resource. */
  public String owner() {
    return tenant.orElseThrow();
  }

  @Override
  public String toString() {
    return kind.label() + " " + tenant.map(owner -> owner + "/").orElse("") + name;
  }
}
