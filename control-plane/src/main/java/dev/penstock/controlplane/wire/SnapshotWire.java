package dev.penstock.controlplane.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.proto.policy.v1.ApiKey;
import dev.penstock.proto.policy.v1.ApiKeys;
import dev.penstock.proto.policy.v1.TenantPolicy;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/** Reads from a stored snapshot what the control plane itself needs to know of it. */
public final class SnapshotWire {

  /** When a key ends that has no end. */
  public static final long NEVER = Long.MAX_VALUE;

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

  /** Hashes (hex) of the clients of service accounts that some resources let in. */
  public static Set<String> serviceAccounts(Collection<Resource> resources) {
    Set<String> hashes = new HashSet<>();
    resources.stream()
        .filter(resource -> ResourceKeys.isTenantPolicy(resource.key()))
        .forEach(resource -> addAccounts(hashes, resource));
    return hashes;
  }

  /** When each API key of some resources ends: milliseconds of the epoch, or never. */
  public static Map<String, Long> keyEnds(Collection<Resource> resources) {
    Map<String, Long> ends = new HashMap<>();
    resources.stream()
        .filter(resource -> ResourceKeys.isApiKeys(resource.key()))
        .forEach(resource -> addEnds(ends, resource));
    return ends;
  }

  private static void addEnds(Map<String, Long> ends, Resource resource) {
    try {
      for (ApiKey key : ApiKeys.parseFrom(resource.payload()).getKeysList()) {
        long end = key.getExpiresAtUnixMs();
        ends.put(key.getId(), end == 0 ? NEVER : end);
      }
    } catch (InvalidProtocolBufferException unreadable) {
      warn(resource);
    }
  }

  private static void addAccounts(Set<String> hashes, Resource resource) {
    try {
      TenantPolicy policy = TenantPolicy.parseFrom(resource.payload());
      if (policy.getSuspendedBy().isEmpty()) {
        policy
            .getServiceAccountsList()
            .forEach(account ->
                hashes.add(HexFormat.of().formatHex(account.getClientHash().toByteArray())));
      }
    } catch (InvalidProtocolBufferException unreadable) {
      warn(resource);
    }
  }

  private static void warn(Resource resource) {
    // Nodes refuse it, and their reasons are shown; the rest of the snapshot goes its way.
    LOG.warnf("stored resource %s cannot be read", resource.key());
  }

  private static void addRevoked(Map<String, String> revoked, Resource resource) {
    try {
      ApiKeys.parseFrom(resource.payload()).getKeysList().stream()
          .filter(ApiKey::getRevoked)
          .forEach(key -> revoked.put(key.getId(), resource.key()));
    } catch (InvalidProtocolBufferException unreadable) {
      warn(resource);
    }
  }
}
