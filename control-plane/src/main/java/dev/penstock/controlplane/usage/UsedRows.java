package dev.penstock.controlplane.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.usage.RequestRecord.Attempt;
import dev.penstock.controlplane.usage.Used.Borne;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads back of stored records what is added up. */
final class UsedRows {

  /** A later build may have said more of an attempt. */
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};
  private static final TypeReference<List<Attempt>> ATTEMPTS = new TypeReference<>() {};

  /**
   * Records of one partition. {@code OFFSET 0} keeps each stretch a look-up of its own in the
   * primary key: joined with the partition as a whole, all of a day might be read for it.
   */
  private static final String SELECT =
      """
      SELECT s.place, r.* FROM unnest(?, ?, ?) WITH ORDINALITY AS s (spool_id, first_seq, up_to, place)
      CROSS JOIN LATERAL (
        SELECT at, tenant, api_key, subject, node_region, model, provider, nullif(tags, '{}') AS tags,
          input_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens,
          audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens,
          ttft_delivered_micros, cost_nusd,
          CASE WHEN attempts @> '[{"billable": false}]' THEN attempts END AS attempts
        FROM usage.request_record
        WHERE received_on = ? AND spool_id = s.spool_id::uuid AND seq BETWEEN s.first_seq AND s.up_to
        OFFSET 0) r\
      """;

  private final Connection connection;

  UsedRows(Connection connection) {
    this.connection = connection;
  }

  /** The records of these stretches, in no particular order. */
  List<Used> of(List<Stretch> stretches) throws SQLException {
    List<Used> found = new ArrayList<>();
    Map<LocalDate, List<Stretch>> byDay =
        stretches.stream().collect(Collectors.groupingBy(Stretch::receivedOn));
    for (Map.Entry<LocalDate, List<Stretch>> day : byDay.entrySet()) {
      read(day.getKey(), day.getValue(), found);
    }
    return found;
  }

  private void read(LocalDate day, List<Stretch> stretches, List<Used> to) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setObject(
          1, stretches.stream().map(each -> each.spoolId().toString()).toArray(String[]::new));
      select.setObject(2, stretches.stream().mapToLong(Stretch::firstSeq).toArray());
      select.setObject(3, stretches.stream().mapToLong(Stretch::upTo).toArray());
      select.setObject(4, day);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          to.add(used(row, stretches.get(row.getInt(1) - 1).receivedAt()));
        }
      }
    }
  }

  private static Used used(ResultSet row, Instant receivedAt) throws SQLException {
    return new Used(
        Used.counted(row.getObject(2, OffsetDateTime.class).toInstant(), receivedAt),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        Optional.ofNullable(json(row.getString(9), TAGS)).orElse(Map.of()),
        tokens(row),
        row.getLong(18),
        row.getLong(19),
        borne(json(row.getString(20), ATTEMPTS)));
  }

  private static RequestTokens tokens(ResultSet row) throws SQLException {
    return new RequestTokens(
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getLong(13),
        row.getLong(14),
        row.getLong(15),
        row.getLong(16),
        row.getLong(17));
  }

  private static List<Borne> borne(@Nullable List<Attempt> attempts) {
    return attempts == null
        ? List.of()
        : attempts.stream()
            .filter(attempt -> attempt.borneNanoUsd() > 0)
            .map(attempt -> new Borne(attempt.model(), attempt.provider(), attempt.borneNanoUsd()))
            .toList();
  }

  private static <T> @Nullable T json(@Nullable String text, TypeReference<T> type)
      throws SQLException {
    try {
      return text == null ? null : JSON.readValue(text, type);
    } catch (JsonProcessingException notOurs) {
      throw new SQLException("a stored record cannot be read back", notOurs);
    }
  }
}
