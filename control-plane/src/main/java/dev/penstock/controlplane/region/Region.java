package dev.penstock.controlplane.region;

import dev.penstock.controlplane.manifest.Named;
import java.util.Objects;
import java.util.Optional;

/** A place where nodes run and providers answer. */
public record Region(String name, Optional<String> displayName, Optional<String> jurisdiction)
    implements Named {

  public Region {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(jurisdiction, "jurisdiction");
  }
}
