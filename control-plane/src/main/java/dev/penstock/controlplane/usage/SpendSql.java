package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.listing.ListQuery.Filter;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.usage.SpendSpans.Span;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The statement that answers a query: buckets of the spans, added up by step and label, then
 * filtered, sorted and cut to a page. Names of columns come from our own lists, never from the
 * request; whatever a request says is an argument.
 */
final class SpendSql {

  static final List<String> SUMS =
      List.of(
          "requests",
          "input_tokens",
          "cache_read_tokens",
          "cache_write_tokens",
          "cache_write_1h_tokens",
          "audio_input_tokens",
          "output_tokens",
          "reasoning_tokens",
          "audio_output_tokens",
          "cost_nusd");

  /** Kept by labels alone: by tag there are no sums of it. */
  private static final String BORNE = "borne_nusd";

  private final StringBuilder text = new StringBuilder();
  private final List<Object> arguments = new ArrayList<>();

  private SpendSql() {}

  static SpendSql of(SpendQuery query, Scope scope) {
    SpendSql sql = new SpendSql();
    sql.text
        .append("SELECT * FROM (SELECT s.*,")
        .append(" usage.ttft_quantile(ttft, 0.5) AS ttft_p50,")
        .append(" usage.ttft_quantile(ttft, 0.95) AS ttft_p95 FROM (");
    sql.addUp(query, scope);
    sql.text.append(") s) t WHERE true");
    query.ofRows().forEach(sql::and);
    sql.page(query);
    return sql;
  }

  private void addUp(SpendQuery query, Scope scope) {
    String labels =
        query.groupBy().stream().map(label -> ", " + label.column()).collect(Collectors.joining());
    String sums =
        Stream.concat(SUMS.stream(), Stream.of(BORNE))
            .map(sum -> ", sum(%1$s) AS %1$s".formatted(sum))
            .collect(Collectors.joining());
    text.append("SELECT date_bin(make_interval(secs => ?), bucket, ?) AS step_at")
        .append(labels)
        .append(sums)
        .append(", sum(ttft) AS ttft FROM (");
    long all = query.before().getEpochSecond() - query.from().getEpochSecond();
    arguments.add((double) query.step().map(step -> step.toSeconds()).orElse(all));
    arguments.add(query.from());
    if (query.tag().isPresent()) {
      byTag(query, query.tag().get(), scope);
    } else {
      text.append("SELECT * FROM usage.spend_rollup WHERE true");
      where(query, scope);
    }
    text.append(") b WHERE true");
    query.ofRequests().forEach(this::and);
    text.append(" GROUP BY step_at")
        .append(labels)
        .append(" HAVING sum(requests) > 0 OR sum(borne_nusd) > 0");
  }

  /** What has no such tag is everything less what has one, so that rows add up to everything. */
  private void byTag(SpendQuery query, SpendLabel.Tag tag, Scope scope) {
    String labels = "bucket, tenant, model, provider, 0::bigint AS " + BORNE + ", ";
    String sums = String.join(", ", SUMS);
    String less = SUMS.stream().map(sum -> "-" + sum).collect(Collectors.joining(", "));
    text.append("SELECT %svalue, %s, ttft".formatted(labels, sums));
    tagged(query, tag, scope);
    text.append(" UNION ALL SELECT %s'', %s, ttft".formatted(labels, sums))
        .append(" FROM usage.spend_rollup WHERE true");
    where(query, scope);
    text.append(" UNION ALL SELECT %s'', %s, -ttft".formatted(labels, less));
    tagged(query, tag, scope);
  }

  private void tagged(SpendQuery query, SpendLabel.Tag tag, Scope scope) {
    text.append(" FROM usage.spend_tag_rollup WHERE tag = ?");
    arguments.add(tag.name());
    where(query, scope);
  }

  private void where(SpendQuery query, Scope scope) {
    List<Span> spans = SpendSpans.of(query.from(), query.before(), query.step());
    text.append(
        spans.stream()
            .map(span -> "(grain = ? AND bucket >= ? AND bucket < ?)")
            .collect(Collectors.joining(" OR ", " AND (", ")")));
    for (Span span : spans) {
      arguments.add(span.grain().minutes());
      arguments.add(span.from());
      arguments.add(span.before());
    }
    if (scope instanceof Scope.Tenants(Set<String> names)) {
      text.append(" AND tenant = ANY (?)");
      arguments.add(names.toArray(String[]::new));
    }
  }

  private void and(Filter filter) {
    text.append(
        filter.values().stream()
            .map(value -> "?")
            .collect(Collectors.joining(", ", " AND " + filter.field().source() + " IN (", ")")));
    arguments.addAll(filter.values());
  }

  /** Begins after the row with which the page before ended (keyset). */
  private void page(SpendQuery query) {
    List<SortKey> sort = query.list().sort();
    query
        .list()
        .afterValues()
        .ifPresent(after -> {
          text.append(" AND (");
          for (int last = 0; last < sort.size(); last++) {
            text.append(last == 0 ? "(" : " OR (");
            isAfter(sort, after, last);
          }
          text.append(')');
        });
    text.append(
        sort.stream()
            .map(key -> key.field().source() + (key.descending() ? " DESC" : ""))
            .collect(Collectors.joining(", ", " ORDER BY ", "")));
    text.append(" LIMIT ?");
    arguments.add(query.list().limit() + 1);
  }

  private void isAfter(List<SortKey> sort, List<Optional<Comparable<?>>> after, int last) {
    text.append(
        IntStream.rangeClosed(0, last)
            .mapToObj(i -> sort.get(i).field().source() + sign(sort.get(i), i == last) + "?")
            .collect(Collectors.joining(" AND ", "", ")")));
    after.subList(0, last + 1).forEach(value -> arguments.add(value.orElseThrow()));
  }

  private static String sign(SortKey key, boolean last) {
    if (!last) {
      return " = ";
    }
    return key.descending() ? " < " : " > ";
  }

  /** Prepares the statement with its arguments; the caller closes it. */
  PreparedStatement prepare(Connection connection) throws SQLException {
    PreparedStatement select = connection.prepareStatement(text.toString());
    for (int i = 0; i < arguments.size(); i++) {
      switch (arguments.get(i)) {
        case String[] names -> select.setArray(i + 1, connection.createArrayOf("text", names));
        case Instant instant -> select.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
        case Object other -> select.setObject(i + 1, other);
      }
    }
    return select;
  }
}
