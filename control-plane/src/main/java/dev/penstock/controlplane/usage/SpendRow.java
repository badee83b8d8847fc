package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.listing.Field;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One row of spend. Quantiles come from merged histograms, never from averages.
 *
 * @param at where its time begins
 * @param labels the values of {@code groupBy}, by word and in its order
 * @param costNanoUsd may be more than a long can hold
 * @param borneNanoUsd what attempts cost that did not serve: the platform bears it
 * @param ttftP50Micros 0 where nothing was delivered
 */
record SpendRow(
    Instant at,
    Map<String, String> labels,
    long requests,
    RequestTokens tokens,
    BigDecimal costNanoUsd,
    BigDecimal borneNanoUsd,
    long ttftP50Micros,
    long ttftP95Micros) {

  private static final double MEDIAN = 0.5;
  private static final double TAIL = 0.95;
  private static final int NANO_DIGITS = 9;

  static SpendRow of(ResultSet row, List<SpendLabel> groupBy) throws SQLException {
    Map<String, String> labels = new LinkedHashMap<>();
    for (SpendLabel label : groupBy) {
      labels.put(label.word(), row.getString(label.column()));
    }
    long[] counts = TtftHistogram.unpacked(row.getString("ttft"));
    return new SpendRow(
        row.getObject("step_at", OffsetDateTime.class).toInstant(),
        labels,
        row.getLong("requests"),
        new RequestTokens(
            row.getLong("input_tokens"),
            row.getLong("cache_read_tokens"),
            row.getLong("cache_write_tokens"),
            row.getLong("cache_write_1h_tokens"),
            row.getLong("audio_input_tokens"),
            row.getLong("output_tokens"),
            row.getLong("reasoning_tokens"),
            row.getLong("audio_output_tokens")),
        row.getBigDecimal("cost_nusd"),
        row.getBigDecimal("borne_nusd"),
        TtftHistogram.quantile(counts, MEDIAN),
        TtftHistogram.quantile(counts, TAIL));
  }

  /** As the API shows it. */
  Map<String, Object> view() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("at", at);
    view.putAll(labels);
    view.put("requests", requests);
    view.put("tokens", tokens);
    view.put("costNanoUsd", costNanoUsd.toPlainString());
    view.put("borneNanoUsd", borneNanoUsd.toPlainString());
    view.put("ttftP50Micros", ttftP50Micros);
    view.put("ttftP95Micros", ttftP95Micros);
    return view;
  }

  /** The value of a field, as a cursor remembers it. */
  Comparable<?> value(Field field) {
    return switch (field.name()) {
      case "at" -> at;
      case "requests" -> requests;
      case "costNanoUsd" -> costNanoUsd;
      case "borneNanoUsd" -> borneNanoUsd;
      case "ttftP50Micros" -> ttftP50Micros;
      case "ttftP95Micros" -> ttftP95Micros;
      case "tokens.input" -> tokens.input();
      case "tokens.output" -> tokens.output();
      default -> labels.getOrDefault(field.name(), "");
    };
  }

  /** The names of a file's columns, beside those of the labels. */
  static List<String> columns(List<SpendLabel> groupBy) {
    List<String> columns = new ArrayList<>(List.of("at"));
    groupBy.forEach(label -> columns.add(label.word()));
    columns.addAll(
        List.of(
            "requests",
            "inputTokens",
            "cacheReadTokens",
            "cacheWriteTokens",
            "cacheWrite1hTokens",
            "audioInputTokens",
            "outputTokens",
            "reasoningTokens",
            "audioOutputTokens",
            "costNanoUsd",
            "costUsd",
            "ttftP50Micros",
            "ttftP95Micros",
            "borneNanoUsd",
            "borneUsd"));
    return columns;
  }

  /** Its values, in the order of {@link #columns}. */
  List<Object> values() {
    List<Object> values = new ArrayList<>(List.of(at));
    values.addAll(labels.values());
    values.addAll(
        List.of(
            requests,
            tokens.input(),
            tokens.cacheRead(),
            tokens.cacheWrite(),
            tokens.cacheWrite1h(),
            tokens.audioInput(),
            tokens.output(),
            tokens.reasoning(),
            tokens.audioOutput(),
            costNanoUsd.toPlainString(),
            costNanoUsd.movePointLeft(NANO_DIGITS).toPlainString(),
            ttftP50Micros,
            ttftP95Micros,
            borneNanoUsd.toPlainString(),
            borneNanoUsd.movePointLeft(NANO_DIGITS).toPlainString()));
    return values;
  }
}
