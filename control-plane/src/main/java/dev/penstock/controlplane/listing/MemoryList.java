package dev.penstock.controlplane.listing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.controlplane.listing.ListQuery.Filter;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Answers a query over items that are all in memory, by their JSON. A filter on a list holds if the
 * list has the value. What an item does not have comes last, whichever way the order goes.
 */
public final class MemoryList {

  private MemoryList() {}

  private record Item<T>(T value, List<Optional<Comparable<?>>> keys) {}

  /** A page of those items that the filters let through. */
  public static <T> Listed<T> page(List<T> items, Function<T, JsonNode> json, ListQuery query) {
    List<Item<T>> found = new ArrayList<>();
    for (T item : items) {
      JsonNode node = json.apply(item);
      if (query.filters().stream().allMatch(filter -> holds(filter, node))) {
        found.add(new Item<>(item, keys(node, query)));
      }
    }
    query
        .afterValues()
        .ifPresent(after -> found.removeIf(item -> compare(item.keys(), after, query.sort()) <= 0));
    found.sort((one, other) -> compare(one.keys(), other.keys(), query.sort()));
    boolean more = found.size() > query.limit();
    List<Item<T>> page = more ? found.subList(0, query.limit()) : found;
    return new Listed<>(
        page.stream().map(Item::value).toList(), more ? query.cursor(page.getLast().keys()) : null);
  }

  private static boolean holds(Filter filter, JsonNode item) {
    JsonNode node = item.at(filter.field().source());
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false).anyMatch(each -> isOne(filter, each));
    }
    return isOne(filter, node);
  }

  private static boolean isOne(Filter filter, JsonNode node) {
    return value(filter.field(), node)
        .filter(
            value -> filter.values().stream().anyMatch(wanted -> compareValues(value, wanted) == 0))
        .isPresent();
  }

  private static List<Optional<Comparable<?>>> keys(JsonNode item, ListQuery query) {
    List<Optional<Comparable<?>>> keys = new ArrayList<>();
    query.sort().forEach(key -> keys.add(value(key.field(), item.at(key.field().source()))));
    return keys;
  }

  private static Optional<Comparable<?>> value(Field field, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        field.value(field.name(), node.isValueNode() ? node.asText() : node.toString()));
  }

  private static int compare(
      List<Optional<Comparable<?>>> one, List<Optional<Comparable<?>>> other, List<SortKey> sort) {
    for (int i = 0; i < sort.size(); i++) {
      int order = compare(one.get(i), other.get(i), sort.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compare(
      Optional<Comparable<?>> one, Optional<Comparable<?>> other, SortKey key) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isEmpty(), other.isEmpty());
    }
    int order = compareValues(one.get(), other.get());
    return key.descending() ? -order : order;
  }

  /** Values of one field are of one type. */
  @SuppressWarnings("unchecked")
  private static int compareValues(Comparable<?> one, Comparable<?> other) {
    return one instanceof BigDecimal number
        ? number.compareTo((BigDecimal) other)
        : ((Comparable<Object>) one).compareTo(other);
  }
}
