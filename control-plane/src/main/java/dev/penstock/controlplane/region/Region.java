package dev.penstock.controlplane.region;

import java.util.Objects;
import java.util.Optional;

/** A place where nodes run and providers answer. */
public record Region(String name, Optional<String> displayName, Optional<String> jurisdiction) {

  public Region {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(jurisdiction, "jurisdiction");
  }
}
