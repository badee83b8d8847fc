package dev.penstock.controlplane.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.money.Tokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes what nodes report: plain SQL, in batches. */
final class UsageRows {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;

  UsageRows(Connection connection) {
    this.connection = connection;
  }

  /** How far a spool is committed, and whose it is. */
  record Watermark(String node, long ackedSeq) {}

  /** Locks the watermarks of these spools, in the order of their ids; unknown ones are left out. */
  Map<UUID, Watermark> lockWatermarks(List<UUID> spoolIds) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT spool_id, node, acked_seq FROM usage.usage_stream WHERE spool_id = ANY (?)
            ORDER BY spool_id FOR UPDATE\
            """)) {
      select.setArray(1, connection.createArrayOf("uuid", spoolIds.toArray()));
      Map<UUID, Watermark> found = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.put(
              rows.getObject(1, UUID.class), new Watermark(rows.getString(2), rows.getLong(3)));
        }
      }
      return found;
    }
  }

  void advance(Map<UUID, Long> ackedSeqs) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE usage.usage_stream SET acked_seq = ?, last_batch_at = clock_timestamp()
            WHERE spool_id = ?\
            """)) {
      for (Map.Entry<UUID, Long> each : ackedSeqs.entrySet()) {
        update.setLong(1, each.getValue());
        update.setObject(2, each.getKey());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  void insertRequests(LocalDate receivedOn, Map<UUID, ? extends Map<Long, RequestRecord>> bySpool)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_REQUEST)) {
      for (Map.Entry<UUID, ? extends Map<Long, RequestRecord>> spool : bySpool.entrySet()) {
        for (Map.Entry<Long, RequestRecord> entry : spool.getValue().entrySet()) {
          bind(new Arguments(insert), receivedOn, spool.getKey(), entry.getKey(), entry.getValue());
          insert.addBatch();
        }
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
