package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.Objects;
import java.util.Optional;

/** What a rollback does not take back, and why. */
public record LeftAlone(String kind, Optional<String> tenant, String name, String reason) {

  public LeftAlone {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(reason, "reason");
  }

  static LeftAlone of(ResourceRef ref, String reason) {
    return new LeftAlone(ref.kind().label(), ref.tenant(), ref.name(), reason);
  }
}
