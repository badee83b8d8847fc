package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.KeyTable;
import dev.penstock.kernel.snapshot.PolicyContent;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the node serves by: an exchange takes one at arrival and keeps it.
 *
 * @param digest 32 bytes; shared, never changed
 * @param keys the table of the content's keys
 * @param credentials opened, by the key of the secret's resource
 * @param peppers opened, by version; shared, never changed
 * @param revokedKeyIds keys that were revoked after this revision was compiled
 */
public record ServingSnapshot(
    long revision,
    byte[] digest,
    PolicyContent content,
    KeyTable keys,
    Map<String, Credential> credentials,
    Map<Integer, byte[]> peppers,
    Set<String> revokedKeyIds) {

  public ServingSnapshot {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(keys, "keys");
    credentials = Map.copyOf(credentials);
    peppers = Map.copyOf(peppers);
    revokedKeyIds = Set.copyOf(revokedKeyIds);
  }

  /** Makes the table of keys, which costs what the content holds. */
  public ServingSnapshot(
      long revision,
      byte[] digest,
      PolicyContent content,
      Map<String, Credential> credentials,
      Map<Integer, byte[]> peppers,
      Set<String> revokedKeyIds) {
    this(revision, digest, content, KeyTable.of(content), credentials, peppers, revokedKeyIds);
  }

  ServingSnapshot withRevoked(Set<String> keyIds) {
    if (revokedKeyIds.equals(keyIds)) {
      return this;
    }
    return new ServingSnapshot(
        revision, digest, content, keys, credentials, peppers, new HashSet<>(keyIds));
  }

  @Override
  public String toString() {
    return "ServingSnapshot[revision " + revision + "]";
  }
}
