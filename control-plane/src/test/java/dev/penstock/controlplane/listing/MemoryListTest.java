package dev.penstock.controlplane.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryListTest {

  private static final Field NAME = new Field("name", "/name", Type.TEXT);
  private static final List<SortKey> BY_NAME = List.of(SortKey.up(NAME));
  private static final List<Field> FIELDS =
      List.of(
          NAME,
          new Field("amount", "/amount", Type.DECIMAL),
          new Field("at", "/at", Type.TIME),
          new Field("models", "/models", Type.TEXT),
          new Field("on", "/on", Type.FLAG),
          new Field("tags.*", "/tags", Type.TEXT));

  private static final List<JsonNode> ITEMS =
      List.of(
          item("{'name':'a','amount':'900.00','at':'2026-01-01T00:00:00Z','on':true}"),
          item(
              "{'name':'b','amount':'1000.00','at':'2026-01-01T00:00:00.500Z','models':['x','y']}"),
          item("{'name':'c','amount':'900.00','tags':{'app':'shop','a/b':'~'}}"),
          item("{'name':'d','models':['y'],'on':false}"),
          item("{'name':'e','amount':'1e3','tags':{'app':'till'}}"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name          | a b c d e
          -name         | e d c b a
          amount        | a c b e d
          -amount,-name | e b c a d
          at,-name      | a b e d c
          -at           | b a c d e
          tags.app      | c e a b d
          """)
  void sortsByWhatValuesMeanAndPutsTheAbsentLast(String sort, String names) {
    for (int limit = 1; limit <= ITEMS.size() + 1; limit++) {
      assertThat(readAll(Map.of("sort", sort), limit)).as("limit %d", limit).isEqualTo(names);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amount   | 900        | a c
          models   | y          | b d
          on       | false      | d
          tags.app | till       | e
          tags.a/b | ~          | c
          at       | 2026-01-01T00:00:00.000Z | a
          name     | nobody     | ''
          """)
  void filtersByField(String field, String value, String names) {
    assertThat(readAll(Map.of(field, value), 2)).isEqualTo(names);
  }

  @Test
  void takesSeveralValuesForOneOfThem() {
    assertThat(
            names(
                MemoryList.page(ITEMS, i -> i, read(Map.of("name", List.of("a", "d")), 10))
                    .items()))
        .isEqualTo("a d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          colour | red    | colour | there are: amount, at, models, name, on, tags.*
          sort   | colour | sort   | there are: amount, at, models, name, on, tags.*
          sort   | on     | sort   | can be filtered, not sorted by
          sort   | name,-name | sort | is named twice
          amount | much   | amount | expected a decimal number
          at     | today  | at     | expected a time
          on     | yes    | on     | expected true or false
          cursor | AAAA   | cursor | expected a nextCursor
          """)
  void refusesWhatItDoesNotKnow(String parameter, String value, String field, String detail) {
    assertThatThrownBy(() -> read(Map.of(parameter, List.of(value)), 10))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(400);
              assertThat(refused.problem().errors().getFirst().field()).isEqualTo(field);
              assertThat(refused.problem().errors().getFirst().detail()).contains(detail);
            });
  }

  @Test
  void refusesACursorOfAnotherSort() {
    String cursor =
        MemoryList.page(ITEMS, i -> i, read(Map.of("sort", List.of("amount")), 2)).nextCursor();
    assertThat(cursor).isNotNull();
    assertThatThrownBy(() -> read(Map.of("sort", List.of("-amount"), "cursor", List.of(cursor)), 2))
        .hasMessageContaining("sorted by amount,name");
  }

  @Test
  void readsOnWhereItStoppedWhateverComesInBetween() {
    // Given
    Listed<JsonNode> first = MemoryList.page(ITEMS, i -> i, read(Map.of(), 2));
    List<JsonNode> changed = new ArrayList<>(ITEMS);
    changed.removeFirst();
    changed.add(item("{'name':'aa'}"));

    // When
    Listed<JsonNode> second =
        MemoryList.page(changed, i -> i, read(Map.of("cursor", List.of(first.nextCursor())), 2));

    // Then
    assertThat(names(second.items())).isEqualTo("c d");
  }

  private static String readAll(Map<String, String> parameters, int limit) {
    List<JsonNode> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Map<String, List<String>> asked = new HashMap<>();
      parameters.forEach((name, value) -> asked.put(name, List.of(value)));
      if (cursor != null) {
        asked.put("cursor", List.of(cursor));
      }
      Listed<JsonNode> page = MemoryList.page(ITEMS, i -> i, read(asked, limit));
      all.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    return names(all);
  }

  private static ListQuery read(Map<String, List<String>> parameters, int limit) {
    return ListQuery.read(parameters, FIELDS, BY_NAME, Set.of(), limit);
  }

  private static String names(List<JsonNode> items) {
    return String.join(" ", items.stream().map(item -> item.path("name").asText()).toList());
  }

  private static JsonNode item(String json) {
    try {
      return new ObjectMapper().readTree(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
