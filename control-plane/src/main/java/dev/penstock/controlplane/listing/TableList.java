package dev.penstock.controlplane.listing;

import dev.penstock.controlplane.listing.ListQuery.Filter;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.problem.ProblemException;
import io.quarkus.panache.common.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A query over a table, written for Panache. A page begins after the values of the item before
 * (keyset), so that reading on costs the same on every page and rows that come in between shift
 * nothing. The columns that it sorts by are never null.
 */
public final class TableList {

  private final ListQuery query;
  private final List<String> conditions = new ArrayList<>();
  private final Parameters parameters = new Parameters();

  public TableList(ListQuery query) {
    this.query = query;
    conditions.add("true = true");
    for (int i = 0; i < query.filters().size(); i++) {
      Filter filter = query.filters().get(i);
      and(filter.field().source() + " in (:f" + i + ")", "f" + i, filter.values());
    }
    query.afterValues().ifPresent(this::begin);
  }

  /** Adds a condition of the caller's own. */
  public TableList and(String condition, String parameter, Object value) {
    conditions.add(condition);
    parameters.and(parameter, value);
    return this;
  }

  /** {@code a > :c0 or (a = :c0 and (b < :c1 or …))}, written out flat. */
  private void begin(List<Optional<Comparable<?>>> after) {
    List<SortKey> sort = query.sort();
    conditions.add(
        IntStream.range(0, sort.size())
            .mapToObj(TableList.this::isAfter)
            .collect(Collectors.joining(" or ", "(", ")")));
    for (int i = 0; i < sort.size(); i++) {
      parameters.and("c" + i, after.get(i).orElseThrow(TableList::absent));
    }
  }

  private String isAfter(int last) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < last; i++) {
      text.append(query.sort().get(i).field().source()).append(" = :c").append(i).append(" and ");
    }
    SortKey key = query.sort().get(last);
    return text.append(key.field().source())
        .append(key.descending() ? " < :c" : " > :c")
        .append(last)
        .append(')')
        .toString();
  }

  /** The whole query, in the language of Hibernate. */
  public String text() {
    String order =
        query.sort().stream()
            .map(key -> key.field().source() + (key.descending() ? " desc" : ""))
            .collect(Collectors.joining(", "));
    return String.join(" and ", conditions) + " order by " + order;
  }

  public Parameters parameters() {
    return parameters;
  }

  /** How many rows to read: one more than the page, to know whether there is another. */
  public int rows() {
    return query.limit() + 1;
  }

  /**
   * The page of what was found.
   *
   * @param value the value of a field, as {@link Field#value} reads it
   */
  public <T> Listed<T> page(List<T> found, Function<T, Function<Field, Comparable<?>>> value) {
    if (found.size() <= query.limit()) {
      return new Listed<>(found, null);
    }
    List<T> items = found.subList(0, query.limit());
    Function<Field, Comparable<?>> last = value.apply(items.getLast());
    return new Listed<>(
        items,
        query.cursor(
            query.sort().stream()
                .<Optional<Comparable<?>>>map(key -> Optional.of(last.apply(key.field())))
                .toList()));
  }

  private static ProblemException absent() {
    return ProblemException.badRequest("cursor", "expected a nextCursor of the page before");
  }
}
