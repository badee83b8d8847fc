package dev.penstock.controlplane.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.proto.policy.v1.ApiKey;
import dev.penstock.proto.policy.v1.ApiKeys;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Reads from a stored snapshot what the control plane itself needs to know of it. */
public final class SnapshotWire {

  private static final Logger LOG = Logger.getLogger(SnapshotWire.class);

  private SnapshotWire() {}

  /** Ids of the API keys that some resources revoke, each with the key of its resource. */
  public static Map<String, String> revokedKeys(Collection<Resource> resources) {
    Map<String, String> revoked = new HashMap<>();
    resources.stream()
        .filter(resource -> ResourceKeys.isApiKeys(resource.key()))
        .forEach(resource -> addRevoked(revoked, resource));
    return revoked;
  }

  private static void addRevoked(Map<String, String> revoked, Resource resource) {
    try {
      ApiKeys.parseFrom(resource.payload()).getKeysList().stream()
          .filter(ApiKey::getRevoked)
          .forEach(key -> revoked.put(key.getId(), resource.key()));
    } catch (InvalidProtocolBufferException unreadable) {
      // Nodes refuse it, and their reasons are shown; the rest of the snapshot goes its way.
      LOG.warnf("stored resource %s cannot be read", resource.key());
    }
  }
}
