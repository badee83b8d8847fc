package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.PolicyContent;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the node serves by: an exchange takes one at arrival and keeps it.
 *
 * @param digest 32 bytes; shared, never changed
 * @param credentials opened, by the key of the secret's resource
 * @param peppers opened, by version; shared, never changed
 * @param revokedKeyIds keys that were revoked after this revision was compiled
 */
public record ServingSnapshot(
    long revision,
    byte[] digest,
    PolicyContent content,
    Map<String, Credential> credentials,
    Map<Integer, byte[]> peppers,
    Set<String> revokedKeyIds) {

  public ServingSnapshot {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(content, "content");
    credentials = Map.copyOf(credentials);
    peppers = Map.copyOf(peppers);
    revokedKeyIds = Set.copyOf(revokedKeyIds);
  }

  ServingSnapshot withRevoked(Set<String> keyIds) {
    if (revokedKeyIds.equals(keyIds)) {
      return this;
    }
    return new ServingSnapshot(
        revision, digest, content, credentials, peppers, new HashSet<>(keyIds));
  }

  @Override
  public String toString() {
    return "ServingSnapshot[revision " + revision + "]";
  }
}
