package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.ColumnInsert;
import dev.penstock.controlplane.database.ColumnInsert.Column;
import dev.penstock.controlplane.usage.SpendSums.LabelKey;
import dev.penstock.controlplane.usage.SpendSums.TagKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Adds sums to the rows of theirs, in one statement each. */
final class SumRows {

  /** A number that is added up. */
  private record Number(String name, ToLongFunction<UsageSum> value) {}

  private static final List<Number> NUMBERS =
      List.of(
          new Number("requests", sum -> sum.requests),
          new Number("input_tokens", sum -> sum.input),
          new Number("cache_read_tokens", sum -> sum.cacheRead),
          new Number("cache_write_tokens", sum -> sum.cacheWrite),
          new Number("cache_write_1h_tokens", sum -> sum.cacheWrite1h),
          new Number("audio_input_tokens", sum -> sum.audioInput),
          new Number("output_tokens", sum -> sum.output),
          new Number("reasoning_tokens", sum -> sum.reasoning),
          new Number("audio_output_tokens", sum -> sum.audioOutput),
          new Number("cost_nusd", sum -> sum.costNanoUsd),
          new Number("ttft_count", sum -> sum.ttftCount),
          new Number("ttft_sum_micros", sum -> sum.ttftSumMicros));

  private static final ColumnInsert<Entry<LabelKey, UsageSum>> BY_LABELS =
      upsert(
          "usage.spend_rollup",
          List.of(
              key("grain", key -> key.grain().minutes()),
              bucket(LabelKey::bucket),
              label("tenant", LabelKey::tenant),
              label("api_key", LabelKey::apiKey),
              label("subject", LabelKey::subject),
              label("model", LabelKey::model),
              label("provider", LabelKey::provider),
              label("region", LabelKey::region)),
          Stream.concat(
                  NUMBERS.stream(), Stream.of(new Number("borne_nusd", sum -> sum.borneNanoUsd)))
              .toList());

  private static final ColumnInsert<Entry<TagKey, UsageSum>> BY_TAG =
      upsert(
          "usage.spend_tag_rollup",
          List.of(
              key("grain", key -> key.grain().minutes()),
              bucket(TagKey::bucket),
              label("tenant", TagKey::tenant),
              label("tag", TagKey::tag),
              label("value", TagKey::value),
              label("model", TagKey::model),
              label("provider", TagKey::provider)),
          NUMBERS);

  private SumRows() {}

  static void add(Connection connection, SpendSums sums) throws SQLException {
    BY_LABELS.insert(connection, rows(sums.byLabels()));
    BY_TAG.insert(connection, rows(sums.byTag()));
  }

  private static <K> List<Entry<K, UsageSum>> rows(SortedMap<K, UsageSum> sums) {
    return List.copyOf(sums.entrySet());
  }

  private static <K> Column<Entry<K, UsageSum>> key(String name, ToLongFunction<K> value) {
    return Column.number(name, "int2", row -> value.applyAsLong(row.getKey()));
  }

  private static <K> Column<Entry<K, UsageSum>> bucket(Function<K, Instant> value) {
    return Column.text("bucket", "timestamptz", row -> value.apply(row.getKey()).toString());
  }

  private static <K> Column<Entry<K, UsageSum>> label(String name, Function<K, String> value) {
    return Column.text(name, row -> value.apply(row.getKey()));
  }

  /** The labels are the rows' key. */
  private static <K> ColumnInsert<Entry<K, UsageSum>> upsert(
      String table, List<Column<Entry<K, UsageSum>>> labels, List<Number> numbers) {
    List<Column<Entry<K, UsageSum>>> columns = new ArrayList<>(labels);
    for (Number number : numbers) {
      columns.add(Column.number(number.name(), row -> number.value().applyAsLong(row.getValue())));
    }
    columns.add(
        Column.text("ttft", "numeric", row -> TtftHistogram.packed(row.getValue().ttftCounts)));
    String key = labels.stream().map(Column::name).collect(Collectors.joining(", "));
    String added =
        columns.subList(labels.size(), columns.size()).stream()
            .map(column -> "%1$s = r.%1$s + excluded.%1$s".formatted(column.name()))
            .collect(Collectors.joining(", "));
    return new ColumnInsert<>(
        table + " AS r", columns, "ON CONFLICT (%s) DO UPDATE SET %s".formatted(key, added));
  }
}
