package dev.penstock.controlplane.listing;

import dev.penstock.controlplane.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a list.
 *
 * @param filters all must hold
 * @param sort from the most important key on; together they are unique, so the order is total
 * @param after the values of {@code sort} with which the page before ended
 * @param limit most items of the page
 */
public record ListQuery(
    List<Filter> filters, List<SortKey> sort, Optional<List<String>> after, int limit) {

  private static final Set<String> OWN = Set.of("limit", "cursor", "sort");
  private static final int MAX_SORT_KEYS = 5;
  private static final int MAX_VALUES = 50;

  /** One of the values must be there. */
  public record Filter(Field field, List<Comparable<?>> values) {

    public Filter {
      values = List.copyOf(values);
    }
  }

  /** One key of an order. */
  public record SortKey(Field field, boolean descending) {

    public static SortKey up(Field field) {
      return new SortKey(field, false);
    }

    public static SortKey down(Field field) {
      return new SortKey(field, true);
    }

    @Override
    public String toString() {
      return (descending ? "-" : "") + field.name();
    }
  }

  public ListQuery {
    filters = List.copyOf(filters);
    sort = List.copyOf(sort);
    after = after.map(List::copyOf);
  }

  /** Whether it asks for more than the next page. */
  public boolean isPlain(List<SortKey> usual) {
    return filters.isEmpty() && sort.equals(usual);
  }

  /**
   * Reads the parameters of a request.
   *
   * @param usual the order where none is asked for; its last key is unique and ends every order
   * @param elsewhere parameters that are not fields of the list and read elsewhere
   */
  public static ListQuery read(
      Map<String, List<String>> parameters,
      List<Field> fields,
      List<SortKey> usual,
      Set<String> elsewhere,
      int limit) {
    return read(parameters, fields, usual, List.of(usual.getLast()), elsewhere, limit);
  }

  /**
   * The same of a list in which no key alone is unique, but all of the usual order together are.
   */
  public static ListQuery readByAllKeys(
      Map<String, List<String>> parameters,
      List<Field> fields,
      List<SortKey> usual,
      Set<String> elsewhere,
      int limit) {
    return read(parameters, fields, usual, usual, elsewhere, limit);
  }

  private static ListQuery read(
      Map<String, List<String>> parameters,
      List<Field> fields,
      List<SortKey> usual,
      List<SortKey> unique,
      Set<String> elsewhere,
      int limit) {
    List<Filter> filters = new ArrayList<>();
    parameters.forEach((name, texts) -> {
      if (!OWN.contains(name) && !elsewhere.contains(name)) {
        Field field = field(name, name, fields);
        if (texts.size() > MAX_VALUES) {
          throw ProblemException.badRequest(name, "expected at most " + MAX_VALUES + " values");
        }
        filters.add(
            new Filter(
                field, texts.stream().<Comparable<?>>map(t -> field.value(name, t)).toList()));
      }
    });
    List<SortKey> sort = sort(first(parameters, "sort"), fields, usual, unique);
    Optional<List<String>> after =
        Optional.ofNullable(first(parameters, "cursor"))
            .map(cursor -> Cursor.read(cursor, orderOf(sort), sort.size()));
    ListQuery query = new ListQuery(filters, sort, after, limit);
    query.afterValues(); // refuses a cursor that somebody has made up
    return query;
  }

  /**
   * The same where the list is answered as a whole, which is read in pages of our own.
   *
   * @throws ProblemException also where a page is asked for
   */
  public static ListQuery whole(
      Map<String, List<String>> parameters,
      List<Field> fields,
      List<SortKey> usual,
      Set<String> elsewhere,
      int limit) {
    for (String page : List.of("limit", "cursor")) {
      if (parameters.containsKey(page)) {
        throw ProblemException.badRequest(page, "this list is answered as a whole: leave it out");
      }
    }
    return readByAllKeys(parameters, fields, usual, elsewhere, limit);
  }

  private static @Nullable String first(Map<String, List<String>> parameters, String name) {
    List<String> texts = parameters.getOrDefault(name, List.of());
    if (texts.size() > 1) {
      throw ProblemException.badRequest(name, "is given " + texts.size() + " times");
    }
    return texts.isEmpty() ? null : texts.getFirst();
  }

  private static Field field(String parameter, String name, List<Field> fields) {
    Field found =
        fields.stream()
            .filter(field -> field.isNamedBy(name))
            .findFirst()
            .orElseThrow(() ->
                ProblemException.badRequest(
                    parameter,
                    "this list has no field %s (there are: %s)"
                        .formatted(
                            name,
                            fields.stream()
                                .map(Field::name)
                                .sorted()
                                .collect(Collectors.joining(", ")))));
    return found.holdsEntries() ? found.entry(name) : found;
  }

  private static List<SortKey> sort(
      @Nullable String text, List<Field> fields, List<SortKey> usual, List<SortKey> unique) {
    if (text == null) {
      return usual;
    }
    List<SortKey> sort = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      boolean down = part.startsWith("-");
      Field field = field("sort", down ? part.substring(1) : part, fields);
      if (sort.stream().anyMatch(key -> key.field().equals(field))) {
        throw ProblemException.badRequest("sort", field.name() + " is named twice");
      }
      if (field.type() == Field.Type.FLAG) {
        throw ProblemException.badRequest("sort", field.name() + " can be filtered, not sorted by");
      }
      sort.add(new SortKey(field, down));
    }
    if (sort.size() > MAX_SORT_KEYS) {
      throw ProblemException.badRequest("sort", "expected at most " + MAX_SORT_KEYS + " fields");
    }
    for (SortKey last : unique) {
      if (sort.stream().noneMatch(key -> key.field().equals(last.field()))) {
        sort.add(last);
      }
    }
    return sort;
  }

  /** The values after which the page begins; those of absent fields are empty. */
  public Optional<List<Optional<Comparable<?>>>> afterValues() {
    return after.map(texts -> {
      List<Optional<Comparable<?>>> values = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        values.add(
            Cursor.isAbsent(texts.get(i))
                ? Optional.empty()
                : Optional.of(sort.get(i).field().value("cursor", texts.get(i))));
      }
      return values;
    });
  }

  /** The cursor of the next page, where the last item of this one has these values. */
  public String cursor(List<Optional<Comparable<?>>> last) {
    return Cursor.write(orderOf(sort), texts(last));
  }

  /** The next page itself. */
  public ListQuery after(List<Optional<Comparable<?>>> last) {
    return new ListQuery(filters, sort, Optional.of(texts(last)), limit);
  }

  private static List<String> texts(List<Optional<Comparable<?>>> values) {
    return values.stream().map(value -> value.map(Object::toString).orElse(Cursor.ABSENT)).toList();
  }

  private static String orderOf(List<SortKey> sort) {
    return sort.stream().map(Objects::toString).collect(Collectors.joining(","));
  }
}
