package dev.penstock.controlplane.usage;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A stored record, for reading only: ingest writes without entities. */
@Entity(name = "RequestRecord")
@Table(schema = "usage", name = "request_record")
@IdClass(RequestRecordEntity.Key.class)
@Immutable
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class RequestRecordEntity extends PanacheEntityBase {

  /** A place in a spool. */
  record Key(UUID spoolId, long seq) implements Serializable {}

  @Id
  @Column(name = "spool_id")
  UUID spoolId;

  @Id long seq;

  UUID id;
  Instant at;
  String node;

  @Column(name = "node_region")
  String nodeRegion;

  String tenant;

  @Column(name = "tenant_path")
  String[] tenantPath;

  @Column(name = "api_key")
  String apiKey;

  String subject;

  @JdbcTypeCode(SqlTypes.JSON)
  Map<String, String> tags;

  String dialect;
  String transport;
  boolean stream;

  @Column(name = "model_asked")
  String modelAsked;

  String model;
  String deployment;
  String provider;

  @Column(name = "provider_region")
  String providerRegion;

  @Column(name = "credential_name")
  String credentialName;

  @Column(name = "credential_version")
  int credentialVersion;

  @Column(name = "policy_revision")
  long policyRevision;

  @JdbcTypeCode(SqlTypes.JSON)
  List<RequestRecord.Decision> decisions;

  @JdbcTypeCode(SqlTypes.JSON)
  List<RequestRecord.Attempt> attempts;

  @Column(name = "ttft_upstream_micros")
  long ttftUpstreamMicros;

  @Column(name = "ttft_delivered_micros")
  long ttftDeliveredMicros;

  @Column(name = "duration_micros")
  long durationMicros;

  @Column(name = "input_tokens")
  long inputTokens;

  @Column(name = "cache_read_tokens")
  long cacheReadTokens;

  @Column(name = "cache_write_tokens")
  long cacheWriteTokens;

  @Column(name = "cache_write_1h_tokens")
  long cacheWrite1hTokens;

  @Column(name = "audio_input_tokens")
  long audioInputTokens;

  @Column(name = "output_tokens")
  long outputTokens;

  @Column(name = "reasoning_tokens")
  long reasoningTokens;

  @Column(name = "audio_output_tokens")
  long audioOutputTokens;

  @Column(name = "usage_source")
  String usageSource;

  @Column(name = "service_tier")
  String serviceTier;

  @Column(name = "cost_nusd")
  long costNanoUsd;

  String outcome;

  @Column(name = "error_code")
  String errorCode;

  int status;
  boolean presumed;

  /** Computed by the database from the decisions. */
  @Column(name = "would_deny")
  boolean wouldDeny;
}
