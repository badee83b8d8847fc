package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A guard as a tenant has stated it. It binds nobody until a policy names it. The terms and
 * patterns are what a company does not want to be said, so {@link #toString} shows none.
 */
public record StatedGuard(
    String tenant, String name, Set<Side> on, Unscannable unscannable, List<Detector> detectors)
    implements Named {

  public StatedGuard {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    // A guard without a side is refused when it is read; EnumSet keeps the order in which they are
    // shown.
    EnumSet<Side> sides = EnumSet.noneOf(Side.class);
    sides.addAll(on);
    on = Collections.unmodifiableSet(sides);
    Objects.requireNonNull(unscannable, "unscannable");
    detectors = List.copyOf(detectors);
  }

  /** Ready to search, as nodes have it. */
  public Guard compile() {
    return new Guard(tenant, name, on, unscannable, detectors);
  }

  /** Where nodes search for it themselves. */
  public Set<Side> searched() {
    return Guard.searched(on, detectors);
  }

  /** Characters in all its terms, patterns and URLs. */
  public int length() {
    return detectors.stream().mapToInt(Detector::length).sum();
  }

  @Override
  public String toString() {
    return "StatedGuard[" + tenant + "/" + name + "]";
  }
}
