package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.manifest.Named;
import java.util.List;
import java.util.Objects;

/**
 * An upstream credential.
 *
 * @param version from 1, one more with every change; 0 before it is stored
 * @param regions where it may be held and used, sorted
 */
public record Secret(
    String tenant, String name, int version, List<String> regions, SecretValue value)
    implements Named {

  public Secret {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    regions = regions.stream().sorted().toList();
  }

  /** The same, with a value that was stored before. */
  Secret with(SecretValue stored) {
    return new Secret(tenant, name, version, regions, stored);
  }

  Secret withVersion(int next) {
    return new Secret(tenant, name, next, regions, value);
  }
}
