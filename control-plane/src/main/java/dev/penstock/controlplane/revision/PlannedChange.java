package dev.penstock.controlplane.revision;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a write would do to one resource.
 *
 * @param fields of an update: what changes of what is shown; empty where only something hidden
 *     does, such as the value of a secret
 */
public record PlannedChange(
    String kind,
    Optional<String> tenant,
    String name,
    Change.Action action,
    List<FieldChange> fields) {

  public PlannedChange {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(action, "action");
    fields = List.copyOf(fields);
  }

  static PlannedChange of(Change change, List<FieldChange> fields) {
    return new PlannedChange(
        change.kind(), change.tenant(), change.name(), change.action(), fields);
  }
}
