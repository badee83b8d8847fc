package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.Scope;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Sums of the roll-up's rows; quantiles come from merged histograms, never from averages. */
@Singleton
class SpendRows {

  private static final double MEDIAN = 0.5;
  private static final double TAIL = 0.95;

  private final Transactions transactions;

  SpendRows(Transactions transactions) {
    this.transactions = transactions;
  }

  List<Map<String, Object>> rows(SpendQuery query, Scope scope) throws SQLException {
    return transactions.inOne(connection -> rows(connection, query, scope));
  }

  private static List<Map<String, Object>> rows(
      Connection connection, SpendQuery query, Scope scope) throws SQLException {
    // Columns come from an enum, never from the request.
    String labels =
        query.groupBy().stream().map(label -> ", " + label.column).collect(Collectors.joining());
    String sql =
        """
        SELECT date_bin(make_interval(secs => ?), bucket, ?) AS step_at%s,
          sum(requests) AS requests, sum(input_tokens) AS input, sum(cache_read_tokens) AS cache_read,
          sum(cache_write_tokens) AS cache_write, sum(output_tokens) AS output,
          sum(reasoning_tokens) AS reasoning, sum(cost_nusd) AS cost,
          usage.sum_counts(ttft_counts) AS ttft
        FROM usage.spend_rollup WHERE bucket >= ? AND bucket < ? AND (? OR tenant = ANY (?))
        GROUP BY step_at%s ORDER BY step_at%s\
        """
            .formatted(labels, labels, labels);
    long wholeSpan = query.to().getEpochSecond() - query.from().getEpochSecond() + 1;
    long seconds = query.step().map(step -> step.toSeconds()).orElse(wholeSpan);
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setDouble(1, seconds);
      select.setTimestamp(2, Timestamp.from(query.from()));
      select.setTimestamp(3, Timestamp.from(query.from()));
      select.setTimestamp(4, Timestamp.from(query.to()));
      select.setBoolean(5, scope instanceof Scope.Everything);
      select.setArray(6, connection.createArrayOf("text", names(scope)));
      List<Map<String, Object>> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(row(rows, query));
        }
      }
      return found;
    }
  }

  private static Object[] names(Scope scope) {
    return switch (scope) {
      case Scope.Everything everything -> new Object[0];
      case Scope.Tenants(Set<String> names) -> names.toArray();
    };
  }

  private static Map<String, Object> row(ResultSet row, SpendQuery query) throws SQLException {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("at", row.getTimestamp("step_at").toInstant());
    for (SpendQuery.Label label : query.groupBy()) {
      view.put(label.word, row.getString(label.column));
    }
    view.put("requests", row.getLong("requests"));
    view.put(
        "tokens",
        new SpendTokens(
            row.getLong("input"),
            row.getLong("cache_read"),
            row.getLong("cache_write"),
            row.getLong("output"),
            row.getLong("reasoning")));
    view.put("costNanoUsd", row.getBigDecimal("cost").toPlainString());
    long[] counts = counts(row.getArray("ttft"));
    view.put("ttftP50Micros", TtftHistogram.quantile(counts, MEDIAN));
    view.put("ttftP95Micros", TtftHistogram.quantile(counts, TAIL));
    return view;
  }

  private static long[] counts(Array array) throws SQLException {
    return Arrays.stream((Long[]) array.getArray()).mapToLong(Long::longValue).toArray();
  }
}
