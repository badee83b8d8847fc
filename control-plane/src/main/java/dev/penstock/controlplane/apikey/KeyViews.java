package dev.penstock.controlplane.apikey;

import dev.penstock.controlplane.manifest.ResourceRef;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys behind a name, as the admin API shows them. */
@Singleton
public class KeyViews {

  private final ApiKeys keys;
  private final KeyUse use;

  KeyViews(ApiKeys keys, KeyUse use) {
    this.keys = keys;
    this.use = use;
  }

  /**
   * One key; never the key itself.
   *
   * @param id the ten characters in it that find it
   * @param pepperVersion the pepper under which it is hashed
   * @param superseded it has a successor, and is good until {@code expiresAt}
   * @param expiresAt null: never
   * @param lastUsedAt when a request last came with it, as nodes have reported; null: never
   */
  public record KeyView(
      String id,
      int pepperVersion,
      boolean superseded,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /** Empty where there is no such key. */
  @Transactional
  public List<KeyView> of(ResourceRef ref) {
    List<StoredKey> stored = keys.ofName(ref);
    Map<String, Instant> used = use.of(stored.stream().map(StoredKey::id).toList());
    return stored.stream()
        .map(key ->
            new KeyView(
                key.id(),
                key.pepperVersion(),
                key.superseded(),
                key.createdAt(),
                key.expiresAt().orElse(null),
                used.get(key.id())))
        .toList();
  }
}
