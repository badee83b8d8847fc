package dev.penstock.controlplane.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.proto.policy.v1.ApiKey;
import dev.penstock.proto.policy.v1.ApiKeys;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;

/** Reads from a stored snapshot what the control plane itself needs to know of it. */
public final class SnapshotWire {

  private static final Logger LOG = Logger.getLogger(SnapshotWire.class);

  private SnapshotWire() {}

  /** Ids of the API keys that a snapshot revokes. */
  public static Set<String> revokedKeys(Collection<Resource> resources) {
    Set<String> revoked = new HashSet<>();
    for (Resource resource : resources) {
      if (resource.key().startsWith(ResourceKeys.TENANT)
          && !ResourceKeys.isTenantPolicy(resource.key())) {
        addRevoked(revoked, resource);
      }
    }
    return revoked;
  }

  private static void addRevoked(Set<String> revoked, Resource resource) {
    try {
      ApiKeys.parseFrom(resource.payload()).getKeysList().stream()
          .filter(ApiKey::getRevoked)
          .forEach(key -> revoked.add(key.getId()));
    } catch (InvalidProtocolBufferException unreadable) {
      // Nodes refuse it, and their reasons are shown; the rest of the snapshot goes its way.
      LOG.warnf("stored resource %s cannot be read", resource.key());
    }
  }
}
