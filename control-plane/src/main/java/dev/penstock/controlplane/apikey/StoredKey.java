package dev.penstock.controlplane.apikey;

import dev.penstock.controlplane.manifest.Named;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An API key as it is kept: never the key itself.
 *
 * @param id the ten characters that find it; empty before it is minted
 * @param hash HMAC-SHA-256 under the pepper of {@code pepperVersion}; never changed
 * @param models narrow the tenant's allow-list; empty does not; sorted
 * @param superseded another key has its name; it is good until it expires
 * @param revoked a revoked key has given its name free
 */
public record StoredKey(
    String id,
    String tenant,
    String name,
    byte[] hash,
    int pepperVersion,
    List<String> models,
    Map<String, String> tags,
    Optional<Instant> expiresAt,
    Instant createdAt,
    boolean superseded,
    boolean revoked)
    implements Named {

  public StoredKey {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hash, "hash");
    models = models.stream().sorted().toList();
    tags = Map.copyOf(tags);
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(createdAt, "createdAt");
  }

  /** The same key with another end of its life. */
  public StoredKey expiringAt(Optional<Instant> end) {
    return new StoredKey(
        id, tenant, name, hash, pepperVersion, models, tags, end, createdAt, superseded, revoked);
  }
}
