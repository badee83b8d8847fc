package dev.penstock.controlplane.apikey;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity(name = "ApiKey")
@Table(schema = "policy", name = "api_key")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class ApiKeyEntity {

  @Id String keyId;
  String tenant;
  String name;
  byte[] hash;
  int pepperVersion;
  String[] models;

  @JdbcTypeCode(SqlTypes.JSON)
  Map<String, String> tags;

  @Nullable Instant expiresAt;
  Instant createdAt;
  @Nullable Instant supersededAt;
  @Nullable Instant revokedAt;

  void set(StoredKey wanted) {
    models = wanted.models().toArray(String[]::new);
    tags = wanted.tags();
    expiresAt = wanted.expiresAt().orElse(null);
  }

  /** As {@link #set}, for a key that has been replaced: it may do the same, and lives no longer. */
  void follow(StoredKey wanted) {
    models = wanted.models().toArray(String[]::new);
    tags = wanted.tags();
    wanted.expiresAt().ifPresent(this::expireBy);
  }

  void expireBy(Instant end) {
    if (expiresAt == null || expiresAt.isAfter(end)) {
      expiresAt = end;
    }
  }

  StoredKey toKey() {
    return new StoredKey(
        keyId,
        tenant,
        name,
        hash,
        pepperVersion,
        List.of(models),
        tags,
        Optional.ofNullable(expiresAt),
        createdAt,
        supersededAt != null,
        revokedAt != null);
  }
}
