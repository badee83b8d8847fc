package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import java.util.List;
import java.util.Objects;

/**
 * A guard as a tenant has stated it. It binds nobody until a policy names it. The terms and
 * patterns are what a company does not want to be said, so {@link #toString} shows none.
 */
public record StatedGuard(String tenant, String name, List<Detector> detectors) implements Named {

  public StatedGuard {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    detectors = List.copyOf(detectors);
  }

  /** Ready to search, as nodes have it. */
  public Guard compile() {
    return new Guard(tenant, name, detectors);
  }

  /** Characters in all its terms and patterns. */
  public int length() {
    return detectors.stream().mapToInt(Detector::length).sum();
  }

  @Override
  public String toString() {
    return "StatedGuard[" + tenant + "/" + name + "]";
  }
}
