package dev.penstock.controlplane.ratelimit;

import dev.penstock.controlplane.row.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity(name = "RateLimit")
@Table(schema = "policy", name = "rate_limit")
@IdClass(RateLimitEntity.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class RateLimitEntity implements Row<RateLimit> {

  /** Whose it is, and its name there. */
  record Key(String tenant, String name) implements Serializable {}

  @Id String tenant;
  @Id String name;
  @Nullable String scopeApiKey;
  @Nullable String scopeModel;
  @Nullable Long requestsPerMinute;
  @Nullable Long tokensPerMinute;
  @Nullable Long concurrentStreams;

  @Override
  public void set(RateLimit limit) {
    tenant = limit.tenant();
    name = limit.name();
    scopeApiKey = limit.apiKey().orElse(null);
    scopeModel = limit.model().orElse(null);
    requestsPerMinute = limit.requestsPerMinute().orElse(null);
    tokensPerMinute = limit.tokensPerMinute().orElse(null);
    concurrentStreams = limit.concurrentStreams().orElse(null);
  }

  @Override
  public RateLimit toRecord() {
    return new RateLimit(
        tenant,
        name,
        Optional.ofNullable(scopeApiKey),
        Optional.ofNullable(scopeModel),
        Optional.ofNullable(requestsPerMinute),
        Optional.ofNullable(tokensPerMinute),
        Optional.ofNullable(concurrentStreams));
  }
}
