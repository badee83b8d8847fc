package dev.penstock.dataplane.snapshot;

import java.util.Objects;
import java.util.Set;

/**
 * An upstream credential in the clear, for memory only.
 *
 * @param name {@code tenant/secret}, as it is recorded
 * @param regions where it may be held and used
 */
public record Credential(String name, int version, String value, Set<String> regions) {

  public Credential {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    regions = Set.copyOf(regions);
  }

  @Override
  public String toString() {
    return "Credential[" + name + ", version " + version + "]";
  }
}
