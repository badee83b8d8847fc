package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What a write did, or would do, to one resource. */
public record Change(String kind, Optional<String> tenant, String name, Action action) {

  /** What was done. */
  public enum Action {
    CREATED,
    UPDATED,
    UNCHANGED,
    /** An API key got a successor. */
    ROTATED,
    DELETED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Change {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(action, "action");
  }

  static Change of(ResourceRef ref, Action action) {
    return new Change(ref.kind().label(), ref.tenant(), ref.name(), action);
  }
}
