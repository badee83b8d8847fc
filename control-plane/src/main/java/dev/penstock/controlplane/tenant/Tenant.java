package dev.penstock.controlplane.tenant;

import dev.penstock.controlplane.manifest.Named;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A node of the tenant tree.
 *
 * @param parent empty for the one root
 * @param tags what its requests and those of its descendants carry
 * @param requiredTags tags that they must carry
 * @param suspended nothing of it and its descendants is served
 * @param sso absent: left as it is at the identity provider
 */
public record Tenant(
    String name,
    Optional<String> parent,
    Optional<String> displayName,
    Optional<String> timeZone,
    Map<String, String> tags,
    List<String> requiredTags,
    boolean suspended,
    Optional<SingleSignOn> sso)
    implements Named {

  public Tenant {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(timeZone, "timeZone");
    Objects.requireNonNull(sso, "sso");
    tags = Map.copyOf(tags);
    requiredTags = requiredTags.stream().sorted().toList();
  }

  /** The same, of which nothing is served. */
  public Tenant asSuspended() {
    return new Tenant(name, parent, displayName, timeZone, tags, requiredTags, true, sso);
  }
}
