package dev.penstock.controlplane.apikey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.secret.Peppers;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API keys of the tenants. Creating one mints it and shows it; rotating one gives its name to a
 * new key and lets the old one live on for a while; deleting one revokes it and what it has
 * replaced: they stay known, so that their holders are told, and give the name free.
 */
@Singleton
public class ApiKeys implements Feature<StoredKey>, Store<StoredKey> {

  private static final String NAMED = "tenant = ?1 and name = ?2 and revokedAt is null";
  private static final String BY_NAME = NAMED + " and supersededAt is null";

  private final ApiKeyRows rows;
  private final Peppers peppers;
  private final String environment;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();

  ApiKeys(ApiKeyRows rows, Peppers peppers, ControlPlaneConfig config) {
    this.rows = rows;
    this.peppers = peppers;
    environment = config.environment();
  }

  /** All keys, revoked ones included, the oldest first. */
  @Override
  public List<StoredKey> all() {
    return rows.list("order by createdAt, keyId").stream().map(ApiKeyEntity::toKey).toList();
  }

  /** Keys of one tenant, revoked ones included, the oldest first. */
  public List<StoredKey> ofTenant(String tenant) {
    return rows.list("tenant = ?1 order by createdAt, keyId", tenant).stream()
        .map(ApiKeyEntity::toKey)
        .toList();
  }

  /** A tenant goes, and with it the memory of its revoked keys. */
  public void forgetRevoked(String tenant) {
    rows.delete("tenant = ?1 and revokedAt is not null", tenant);
  }

  @Override
  public Kind kind() {
    return Kind.API_KEY;
  }

  @Override
  public Store<StoredKey> store() {
    return this;
  }

  @Override
  public StoredKey read(ResourceRef ref, Spec spec) {
    StoredKey wanted =
        new StoredKey(
            "",
            ref.owner(),
            ref.name(),
            new byte[0],
            0,
            spec.names("models").orElse(List.of()),
            spec.tags("tags"),
            spec.time("expiresAt"),
            clock.instant(),
            false,
            false);
    spec.end();
    return wanted;
  }

  @Override
  public Optional<StoredKey> find(ResourceRef ref) {
    return rows.find(BY_NAME, ref.owner(), ref.name())
        .firstResultOptional()
        .map(ApiKeyEntity::toKey);
  }

  @Override
  public boolean isSame(StoredKey stored, StoredKey wanted) {
    return stored.models().equals(wanted.models())
        && stored.tags().equals(wanted.tags())
        && stored.expiresAt().equals(wanted.expiresAt());
  }

  /** A key that is made anew under the name of a revoked one is another resource. */
  @Override
  public String hiddenVersion(StoredKey stored) {
    return stored.id();
  }

  @Override
  public Optional<String> create(StoredKey wanted) {
    return Optional.of(mint(wanted));
  }

  private String mint(StoredKey wanted) {
    ApiKey key = ApiKey.mint(environment, random);
    Map.Entry<Integer, byte[]> pepper = peppers.all().lastEntry();
    ApiKeyEntity entity = new ApiKeyEntity();
    entity.keyId = key.id();
    entity.tenant = wanted.tenant();
    entity.name = wanted.name();
    entity.hash = new KeyHash(pepper.getValue()).of(key);
    entity.pepperVersion = pepper.getKey();
    entity.createdAt = clock.instant();
    entity.set(wanted);
    rows.persist(entity);
    return key.text();
  }

  /**
   * Gives a key's name, with all that it may, to a new key; in the caller's transaction.
   *
   * @param overlap how long the old key is still good, unless it expires before
   * @return the new key, shown once
   */
  public String rotate(StoredKey stored, Duration overlap) {
    Instant now = clock.instant();
    Instant end = now.plus(overlap);
    rows.findById(stored.id()).supersededAt = now;
    // Those that were replaced before as well: a short overlap is meant for all of them.
    rows.list(NAMED, stored.tenant(), stored.name()).forEach(old -> old.expireBy(end));
    rows.flush(); // the name has to be free before the new key takes it
    return mint(stored);
  }

  /** The keys of a name that have not been revoked, the current one first. */
  public List<StoredKey> ofName(ResourceRef ref) {
    return rows.list(NAMED + " order by createdAt desc, keyId", ref.owner(), ref.name()).stream()
        .map(ApiKeyEntity::toKey)
        .toList();
  }

  @Override
  public void update(StoredKey stored, StoredKey wanted) {
    // What the name may no longer do, the keys that it had before may not do either.
    for (ApiKeyEntity key : rows.list(NAMED, stored.tenant(), stored.name())) {
      if (key.keyId.equals(stored.id())) {
        key.set(wanted);
      } else {
        key.follow(wanted);
      }
    }
  }

  @Override
  public void delete(StoredKey stored) {
    Instant now = clock.instant();
    rows.list(NAMED, stored.tenant(), stored.name()).forEach(entity -> entity.revokedAt = now);
  }

  /** Names in use; of revoked keys nobody is told. */
  @Override
  public List<ResourceRef> ownedBy(Collection<String> tenants) {
    return rows.list("tenant in ?1 and revokedAt is null order by tenant, name", tenants).stream()
        .map(key -> ResourceRef.ofTenant(Kind.API_KEY, key.tenant, key.name))
        .distinct() // a rotated key has two rows for as long as both are good
        .toList();
  }

  @Override
  public List<StoredKey> page(Optional<String> tenant, String afterName, int limit) {
    return rows
        .find(
            "tenant = ?1 and name > ?2 and revokedAt is null and supersededAt is null order by name",
            tenant.orElseThrow(),
            afterName)
        .page(0, limit)
        .stream()
        .map(ApiKeyEntity::toKey)
        .toList();
  }

  @Override
  public List<Field> listFields() {
    return List.of(
        Field.text("models"), Field.text("tags.*"), Field.spec("expiresAt", Field.Type.TIME));
  }

  @Override
  public ObjectNode specOf(StoredKey key) {
    return new SpecWriter()
        .texts("models", key.models())
        .tags("tags", key.tags())
        .time("expiresAt", key.expiresAt())
        .done();
  }
}
