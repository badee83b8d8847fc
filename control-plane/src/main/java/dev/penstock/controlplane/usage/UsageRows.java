package dev.penstock.controlplane.usage;

import static dev.penstock.controlplane.database.ColumnInsert.Column.flag;
import static dev.penstock.controlplane.database.ColumnInsert.Column.number;
import static dev.penstock.controlplane.database.ColumnInsert.Column.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.database.ColumnInsert;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.money.Tokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes what nodes report: plain SQL, many rows at a time. */
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

  /** Stores records of one day, all with one statement. */
  void insertRequests(LocalDate receivedOn, Map<UUID, ? extends Map<Long, RequestRecord>> bySpool)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    bySpool.forEach((spoolId, requests) ->
        requests.forEach((seq, record) -> rows.add(new Row(receivedOn, spoolId, seq, record))));
    INSERT_REQUESTS.insert(connection, rows);
  }

  /** A record in its place. */
  private record Row(LocalDate receivedOn, UUID spoolId, long seq, RequestRecord record) {

    RequestRecord.Caller caller() {
      return record.caller();
    }

    RequestRecord.Target target() {
      return record.target();
    }

    RequestRecord.Timing timing() {
      return record.timing();
    }

    Tokens tokens() {
      return record.tokens();
    }
  }

  private static final ColumnInsert<Row> INSERT_REQUESTS =
      new ColumnInsert<>(
          "usage.request_record",
          List.of(
              text("received_on", "date", row -> row.receivedOn().toString()),
              text("spool_id", "uuid", row -> row.spoolId().toString()),
              number("seq", Row::seq),
              text("id", "uuid", row -> row.record().id().toString()),
              text("at", "timestamptz", row -> row.record().at().toString()),
              text("node", row -> row.record().node()),
              text("node_region", row -> row.record().nodeRegion()),
              text("tenant", row -> row.caller().tenant()),
              text("tenant_path", "text[]", row -> array(row.caller().tenantPath())),
              text("api_key_id", row -> row.caller().apiKeyId()),
              text("api_key", row -> row.caller().apiKey()),
              text("subject", row -> row.caller().subject()),
              text("tags", "jsonb", row -> json(row.caller().tags())),
              text("dialect", row -> row.record().dialect()),
              text("transport", row -> row.record().transport()),
              flag("stream", row -> row.record().stream()),
              text("model_asked", row -> row.record().modelAsked()),
              text("model", row -> row.record().model()),
              text("deployment", row -> row.target().deployment()),
              text("provider", row -> row.target().provider()),
              text("provider_region", row -> row.target().providerRegion()),
              text("credential_name", row -> row.target().credentialName()),
              number("credential_version", "int4", row -> row.target().credentialVersion()),
              number("policy_revision", row -> row.record().policyRevision()),
              text("decisions", "jsonb", row -> json(row.record().decisions())),
              text("attempts", "jsonb", row -> json(row.record().attempts())),
              number("ttft_upstream_micros", row -> row.timing().ttftUpstreamMicros()),
              number("ttft_delivered_micros", row -> row.timing().ttftDeliveredMicros()),
              number("duration_micros", row -> row.timing().durationMicros()),
              number("input_tokens", row -> row.tokens().input()),
              number("cache_read_tokens", row -> row.tokens().cacheRead()),
              number("cache_write_tokens", row -> row.tokens().cacheWrite()),
              number("cache_write_1h_tokens", row -> row.tokens().cacheWrite1h()),
              number("audio_input_tokens", row -> row.tokens().audioInput()),
              number("output_tokens", row -> row.tokens().output()),
              number("reasoning_tokens", row -> row.tokens().reasoning()),
              number("audio_output_tokens", row -> row.tokens().audioOutput()),
              text("usage_source", row -> row.record().usageSource()),
              text("service_tier", row -> row.record().serviceTier()),
              number("cost_nusd", row -> row.record().costNanoUsd()),
              text("outcome", row -> row.record().outcome()),
              text("error_code", row -> row.record().errorCode()),
              number("status", "int4", row -> row.record().status()),
              flag("presumed", row -> row.record().presumed()),
              text("charges", "jsonb", row -> json(row.record().charges()))),
          "");

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("records of texts and numbers are JSON", e);
    }
  }

  /** As Postgres reads an array from a text. */
  private static String array(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "{", "}"));
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
  }
}
