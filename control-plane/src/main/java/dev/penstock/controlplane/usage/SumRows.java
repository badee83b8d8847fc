package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.SpendSums.LabelKey;
import dev.penstock.controlplane.usage.SpendSums.TagKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Adds sums to the rows of theirs: one statement each, columns as arrays, rows in their order. */
final class SumRows {

  private static final List<String> LABELS =
      List.of("tenant", "api_key", "subject", "model", "provider", "region");
  private static final List<String> TAG_LABELS =
      List.of("tenant", "tag", "value", "model", "provider");

  private static final List<Column> NUMBERS =
      List.of(
          new Column("requests", sum -> sum.requests),
          new Column("input_tokens", sum -> sum.input),
          new Column("cache_read_tokens", sum -> sum.cacheRead),
          new Column("cache_write_tokens", sum -> sum.cacheWrite),
          new Column("cache_write_1h_tokens", sum -> sum.cacheWrite1h),
          new Column("audio_input_tokens", sum -> sum.audioInput),
          new Column("output_tokens", sum -> sum.output),
          new Column("reasoning_tokens", sum -> sum.reasoning),
          new Column("audio_output_tokens", sum -> sum.audioOutput),
          new Column("cost_nusd", sum -> sum.costNanoUsd),
          new Column("ttft_count", sum -> sum.ttftCount),
          new Column("ttft_sum_micros", sum -> sum.ttftSumMicros));

  /** By labels alone. */
  private static final List<Column> ALL_NUMBERS =
      Stream.concat(NUMBERS.stream(), Stream.of(new Column("borne_nusd", sum -> sum.borneNanoUsd)))
          .toList();

  private static final String BY_LABELS =
      upsert(
          "usage.spend_rollup",
          LABELS,
          ALL_NUMBERS,
          "grain, bucket, tenant, api_key, subject, model, provider, region");
  private static final String BY_TAG =
      upsert(
          "usage.spend_tag_rollup",
          TAG_LABELS,
          NUMBERS,
          "grain, tag, bucket, tenant, value, model, provider");

  /** A number that is added up. */
  private record Column(String name, Function<UsageSum, Long> value) {}

  private SumRows() {}

  static void add(Connection connection, SpendSums sums) throws SQLException {
    add(
        connection,
        BY_LABELS,
        ALL_NUMBERS,
        sums.byLabels(),
        List.of(
            key -> key.grain().minutes(),
            key -> key.bucket().getEpochSecond(),
            LabelKey::tenant,
            LabelKey::apiKey,
            LabelKey::subject,
            LabelKey::model,
            LabelKey::provider,
            LabelKey::region));
    add(
        connection,
        BY_TAG,
        NUMBERS,
        sums.byTag(),
        List.of(
            key -> key.grain().minutes(),
            key -> key.bucket().getEpochSecond(),
            TagKey::tenant,
            TagKey::tag,
            TagKey::value,
            TagKey::model,
            TagKey::provider));
  }

  private static <K> void add(
      Connection connection,
      String upsert,
      List<Column> numbers,
      SortedMap<K, UsageSum> sums,
      List<Function<K, Object>> labels)
      throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(upsert)) {
      int index = 0;
      for (int i = 0; i < labels.size(); i++) {
        String type = i == 0 ? "int2" : i == 1 ? "int8" : "text";
        Object[] values = sums.keySet().stream().map(labels.get(i)).toArray();
        statement.setArray(++index, connection.createArrayOf(type, values));
      }
      for (Column column : numbers) {
        Object[] values = sums.values().stream().map(column.value()).toArray();
        statement.setArray(++index, connection.createArrayOf("int8", values));
      }
      Object[] histograms =
          sums.values().stream().map(sum -> TtftHistogram.packed(sum.ttftCounts)).toArray();
      statement.setArray(++index, connection.createArrayOf("text", histograms));
      statement.executeUpdate();
    }
  }

  private static String upsert(
      String table, List<String> labels, List<Column> columns, String key) {
    String numbers = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    String all = String.join(", ", labels) + ", " + numbers;
    String places =
        IntStream.range(0, labels.size() + columns.size() + 1)
            .mapToObj(i -> "?")
            .collect(Collectors.joining(", "));
    String added =
        columns.stream()
            .map(column -> "%1$s = r.%1$s + excluded.%1$s".formatted(column.name()))
            .collect(Collectors.joining(", "));
    return """
    INSERT INTO %1$s AS r (grain, bucket, %2$s, ttft)
    SELECT grain, to_timestamp(second), %2$s, ttft::numeric
    FROM unnest(?, ?, %3$s) AS added (grain, second, %2$s, ttft)
    ON CONFLICT (%4$s) DO UPDATE SET %5$s, ttft = r.ttft + excluded.ttft\
    """
        .formatted(table, all, places, key, added);
  }
}
