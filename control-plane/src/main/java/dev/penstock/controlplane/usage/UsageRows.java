package dev.penstock.controlplane.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.money.Tokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes what nodes report: plain SQL, in batches. */
final class UsageRows {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;

  UsageRows(Connection connection) {
    this.connection = connection;
  }

  /** Locks a spool's watermark; empty if the spool is not this node's. */
  Optional<Long> lockWatermark(UUID spoolId, String node) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT acked_seq FROM usage.usage_stream WHERE spool_id = ? AND node = ? FOR UPDATE")) {
      select.setObject(1, spoolId);
      select.setString(2, node);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  void advance(UUID spoolId, long ackedSeq) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE usage.usage_stream SET acked_seq = ?, last_batch_at = clock_timestamp()
            WHERE spool_id = ?\
            """)) {
      update.setLong(1, ackedSeq);
      update.setObject(2, spoolId);
      update.executeUpdate();
    }
  }

  void insertRequests(LocalDate receivedOn, UUID spoolId, Map<Long, RequestRecord> bySeq)
      throws SQLException {
    if (bySeq.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT_REQUEST)) {
      for (Map.Entry<Long, RequestRecord> entry : bySeq.entrySet()) {
        bind(new Arguments(insert), receivedOn, spoolId, entry.getKey(), entry.getValue());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static final String INSERT_REQUEST =
      """
      INSERT INTO usage.request_record (
        received_on, spool_id, seq, id, at, node, node_region,
        tenant, tenant_path, api_key_id, api_key, subject, tags,
        dialect, transport, stream, model_asked, model,
        deployment, provider, provider_region, credential_name, credential_version,
        policy_revision, decisions, attempts,
        ttft_upstream_micros, ttft_delivered_micros, duration_micros,
        input_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens,
        audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens,
        usage_source, service_tier, cost_nusd, outcome, error_code, status, presumed, charges)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)\
      """;

  private static void bind(
      Arguments to, LocalDate receivedOn, UUID spoolId, long seq, RequestRecord record)
      throws SQLException {
    to.add(receivedOn).add(spoolId).add(seq).add(record.id());
    to.add(record.at().atOffset(ZoneOffset.UTC)).add(record.node()).add(record.nodeRegion());
    RequestRecord.Caller caller = record.caller();
    to.add(caller.tenant()).add(caller.tenantPath().toArray(String[]::new));
    to.add(caller.apiKeyId()).add(caller.apiKey()).add(caller.subject()).json(caller.tags());
    to.add(record.dialect()).add(record.transport()).add(record.stream());
    to.add(record.modelAsked()).add(record.model());
    RequestRecord.Target target = record.target();
    to.add(target.deployment()).add(target.provider()).add(target.providerRegion());
    to.add(target.credentialName()).add(target.credentialVersion());
    to.add(record.policyRevision()).json(record.decisions()).json(record.attempts());
    RequestRecord.Timing timing = record.timing();
    to.add(timing.ttftUpstreamMicros()).add(timing.ttftDeliveredMicros());
    to.add(timing.durationMicros());
    Tokens tokens = record.tokens();
    to.add(tokens.input()).add(tokens.cacheRead());
    to.add(tokens.cacheWrite()).add(tokens.cacheWrite1h()).add(tokens.audioInput());
    to.add(tokens.output()).add(tokens.reasoning()).add(tokens.audioOutput());
    to.add(record.usageSource()).add(record.serviceTier());
    to.add(record.costNanoUsd()).add(record.outcome());
    to.add(record.errorCode()).add(record.status()).add(record.presumed());
    to.json(record.charges());
  }

  void insertGaps(UUID spoolId, String node, List<SpoolEntry> entries) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.usage_gap (spool_id, seq, node, reason, bytes)
            VALUES (?, ?, ?, ?, ?)\
            """)) {
      for (SpoolEntry entry : entries) {
        if (entry.content() instanceof Content.Gap(String reason, long bytes)) {
          new Arguments(insert).add(spoolId).add(entry.seq()).add(node).add(reason).add(bytes);
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
  }

  void insertPoison(UUID spoolId, String node, List<SpoolEntry> entries) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.usage_quarantine (spool_id, seq, node, reason, body)
            VALUES (?, ?, ?, ?, ?)\
            """)) {
      for (SpoolEntry entry : entries) {
        if (entry.content() instanceof Content.Poison poison) {
          new Arguments(insert)
              .add(spoolId)
              .add(entry.seq())
              .add(node)
              .add(poison.reason())
              .add(entry.body());
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
  }

  void addSums(SpendSums sums) throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(UPSERT_SUM)) {
      for (Map.Entry<SpendSums.Key, SpendSums.Sum> entry : sums.sums().entrySet()) {
        SpendSums.Key key = entry.getKey();
        SpendSums.Sum sum = entry.getValue();
        Arguments to = new Arguments(upsert);
        to.add(Timestamp.from(key.bucket())).add(key.tenant()).add(key.apiKey());
        to.add(key.model()).add(key.provider()).add(key.region()).add(sum.requests);
        to.add(sum.input).add(sum.cacheRead).add(sum.cacheWrite);
        to.add(sum.output).add(sum.reasoning).add(sum.cost);
        to.add(sum.ttftCount).add(sum.ttftSum).add(sum.ttftCounts);
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
  }

  private static final String UPSERT_SUM =
      """
      INSERT INTO usage.spend_rollup AS r (
        bucket, tenant, api_key, model, provider, region, requests,
        input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
        cost_nusd, ttft_count, ttft_sum_micros, ttft_counts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (bucket, tenant, api_key, model, provider, region) DO UPDATE SET
        requests = r.requests + excluded.requests,
        input_tokens = r.input_tokens + excluded.input_tokens,
        cache_read_tokens = r.cache_read_tokens + excluded.cache_read_tokens,
        cache_write_tokens = r.cache_write_tokens + excluded.cache_write_tokens,
        output_tokens = r.output_tokens + excluded.output_tokens,
        reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens,
        cost_nusd = r.cost_nusd + excluded.cost_nusd,
        ttft_count = r.ttft_count + excluded.ttft_count,
        ttft_sum_micros = r.ttft_sum_micros + excluded.ttft_sum_micros,
        ttft_counts = usage.add_counts(r.ttft_counts, excluded.ttft_counts)\
      """;

  /** Binds a statement's arguments one after the other. */
  private static final class Arguments {

    private final PreparedStatement statement;
    private int index;

    Arguments(PreparedStatement statement) {
      this.statement = statement;
    }

    Arguments add(Object value) throws SQLException {
      statement.setObject(++index, value);
      return this;
    }

    Arguments json(Object value) throws SQLException {
      try {
        statement.setString(++index, JSON.writeValueAsString(value));
        return this;
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("records of texts and numbers are JSON", e);
      }
    }
  }
}
