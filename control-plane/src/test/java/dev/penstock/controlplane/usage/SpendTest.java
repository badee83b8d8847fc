package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.usage.RequestRecord.Caller;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From records to the rows of the API, over a real database. */
class SpendTest {

  /** The end of what these tests look at, and the time at which they ingest. */
  private static final Instant END = Grain.DAY.floor(Instant.now());

  private static final Duration SPAN = Duration.ofDays(3);

  private final SpendRows rows = new SpendRows(new Transactions(MigratedPostgres.app()));

  /** However time is cut and whatever is grouped by, rows say what the records say. */
  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void rowsAddUpToTheRecords(@ForAll long seed) throws SQLException {
    // Given
    Random random = new Random(seed);
    UsageKit kit = kit(SpendTags.USUAL);
    List<RequestRecord> records = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      records.add(record(kit, END.minusMillis(random.nextLong(SPAN.toMillis())), random));
    }
    for (int first = 0; first < records.size(); first += 40) {
      kit.send(
          first + 1L,
          records.subList(first, first + 40).stream()
              .map(Content.Request::new)
              .toArray(Content[]::new));
    }
    for (int i = 0; i < 15; i++) {
      // When
      Instant from = Grain.FIVE_MINUTES.floor(END.minusSeconds(random.nextLong(300_000)));
      Instant to = Grain.FIVE_MINUTES.ceiling(from.plusSeconds(1 + random.nextLong(300_000)));
      String step = List.of("", "5m", "hour", "day", "90m", "6h", "2d").get(random.nextInt(7));
      String groupBy =
          List.of("", "apiKey", "subject,model", "tags.app", "tags.team,tenant", "apiKey,region")
              .get(random.nextInt(6));
      Map<List<String>, Long> found = new TreeMap<>(SpendTest::compare);
      for (SpendRow row : whole(kit, groupBy, step, from, to)) {
        found.put(key(row.at(), row.labels().values()), row.costNanoUsd().longValueExact());
        assertThat(row.requests()).isEqualTo(row.costNanoUsd().longValueExact());
        assertThat(row.tokens().output()).isEqualTo(20 * row.requests());
        assertThat(row.ttftP95Micros()).isBetween(950L, 1050L);
      }

      // Then
      assertThat(found).isEqualTo(expected(records, groupBy, step, from, to));
    }
  }

  private static RequestRecord record(UsageKit kit, Instant at, Random random) {
    Map<String, String> tags = new HashMap<>();
    if (random.nextBoolean()) {
      tags.put("app", "a" + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      tags.put("team", "t" + random.nextInt(2));
    }
    return ((Content.Request) kit.requestAt(at))
        .record()
        .by(
            new Caller(
                kit.tenant,
                List.of(kit.tenant),
                "",
                "k" + random.nextInt(3),
                "s" + random.nextInt(2),
                tags));
  }

  private static Map<List<String>, Long> expected(
      List<RequestRecord> records, String groupBy, String step, Instant from, Instant to) {
    Map<List<String>, Long> expected = new TreeMap<>(SpendTest::compare);
    long seconds =
        switch (step) {
          case "" -> Long.MAX_VALUE;
          case "5m" -> 300;
          case "hour" -> 3600;
          case "day" -> 86_400;
          case "90m" -> 5400;
          case "6h" -> 21_600;
          default -> 172_800;
        };
    for (RequestRecord record : records) {
      if (!record.at().isBefore(from) && record.at().isBefore(to)) {
        long offset = record.at().getEpochSecond() - from.getEpochSecond();
        Instant at = from.plusSeconds(offset / seconds * seconds);
        List<String> labels =
            groupBy.isEmpty()
                ? List.of()
                : Arrays.stream(groupBy.split(",", -1)).map(word -> label(record, word)).toList();
        expected.merge(key(at, labels), 1L, Long::sum);
      }
    }
    return expected;
  }

  private static String label(RequestRecord record, String word) {
    return switch (word) {
      case "tenant" -> record.caller().tenant();
      case "apiKey" -> record.caller().apiKey();
      case "subject" -> record.caller().subject();
      case "model" -> record.model();
      case "region" -> record.nodeRegion();
      default -> record.caller().tags().getOrDefault(word.substring(5), "");
    };
  }

  private static List<String> key(Instant at, Iterable<String> labels) {
    List<String> key = new ArrayList<>(List.of(at.toString()));
    labels.forEach(key::add);
    return key;
  }

  private static int compare(List<String> one, List<String> other) {
    return one.toString().compareTo(other.toString());
  }

  @Test
  void aLateRecordCountsWhenItWasAndAnImpossibleOneNow() throws SQLException {
    // Given
    UsageKit kit = kit(SpendTags.USUAL);
    Instant late = END.minus(Used.BELIEVED_PAST).plusSeconds(1);
    Instant impossible = END.minus(Used.BELIEVED_PAST).minusSeconds(1);

    // When
    kit.send(1, kit.requestAt(late), kit.requestAt(impossible));

    // Then
    List<SpendRow> found = whole(kit, "", "5m", END.minus(Duration.ofDays(34)), END.plusSeconds(1));
    assertThat(found).extracting(SpendRow::at).containsExactly(Grain.FIVE_MINUTES.floor(END));
    List<SpendRow> then =
        whole(kit, "", "5m", late.minus(Duration.ofDays(1)), late.plus(Duration.ofDays(1)));
    assertThat(then).extracting(SpendRow::at).containsExactly(Grain.FIVE_MINUTES.floor(late));
  }

  @Test
  void tagsBeyondTheRoomOfADayAreAddedTogetherAndLeaveRoomForOthers() throws SQLException {
    // Given
    UsageKit kit = kit(new SpendTags(4, 3));
    List<Content> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(tagged(kit, END, Map.of("run", "r" + i, "team", "t" + i % 2)));
    }
    all.add(tagged(kit, END.minus(Duration.ofDays(1)), Map.of("run", "yesterday")));

    // When
    kit.send(1, all.subList(0, 6).toArray(Content[]::new));
    kit.send(7, all.subList(6, 11).toArray(Content[]::new));

    // Then
    Instant from = END.minus(Duration.ofHours(1));
    assertThat(costs(whole(kit, "tags.run", "", from, END.plusSeconds(1))))
        .isEqualTo(Map.of("r0", 1L, "r1", 1L, "r2", 1L, SpendTags.OTHERS, 7L));
    assertThat(costs(whole(kit, "tags.team", "", from, END.plusSeconds(1))))
        .isEqualTo(Map.of("t0", 5L, SpendTags.OTHERS, 5L));
    assertThat(
            costs(whole(kit, "tags.run", "", END.minus(Duration.ofDays(2)), END.minusSeconds(1))))
        .containsEntry("yesterday", 1L);
    assertThat(UsageKit.number("SELECT count(*) FROM usage.spend_tag WHERE tenant = ?", kit.tenant))
        .isEqualTo(5);
  }

  @Test
  void aRepeatedBatchAddsNothing() throws SQLException {
    UsageKit kit = kit(SpendTags.USUAL);
    Content[] batch = {tagged(kit, END, Map.of("run", "x")), kit.requestAt(END)};

    kit.send(1, batch);
    kit.send(1, batch);

    Instant from = END.minus(Duration.ofHours(1));
    assertThat(costs(whole(kit, "tags.run", "", from, END.plusSeconds(1))))
        .isEqualTo(Map.of("x", 1L, "", 1L));
    assertThat(
            UsageKit.number(
                "SELECT sum(requests) FROM usage.spend_rollup WHERE tenant = ?", kit.tenant))
        .isEqualTo(2 * Grain.values().length);
  }

  @Test
  void whatDidNotServeStandsAtItsOwnProviderAndIsChargedToNobody() throws SQLException {
    // Given
    UsageKit kit = kit(SpendTags.USUAL);
    Instant from = END.minus(Duration.ofHours(1));

    // When
    kit.send(1, kit.requestAfter("openai-us", 700, END), kit.requestAfter("openai-us", 70, END));

    // Then
    List<SpendRow> found = whole(kit, "provider,model", "", from, END.plusSeconds(1));
    assertThat(found)
        .extracting(
            row -> row.labels().get("provider"),
            row -> row.labels().get("model"),
            SpendRow::requests,
            row -> row.costNanoUsd().longValueExact(),
            row -> row.borneNanoUsd().longValueExact())
        .containsExactly(
            tuple("openai-eu", "assistant", 2L, 2L, 0L), tuple("openai-us", "other", 0L, 0L, 770L));
    assertThat(whole(kit, "tags.app", "", from, END.plusSeconds(1)))
        .extracting(row -> row.labels().get("tags.app"), row -> row.borneNanoUsd().longValueExact())
        .as("by tag it is not told")
        .containsExactly(tuple("chat", 0L));
  }

  private static Content tagged(UsageKit kit, Instant at, Map<String, String> tags) {
    return new Content.Request(
        ((Content.Request) kit.requestAt(at))
            .record()
            .by(new Caller(kit.tenant, List.of(kit.tenant), "", "k", "", tags)));
  }

  private static Map<String, Long> costs(List<SpendRow> rows) {
    Map<String, Long> costs = new HashMap<>();
    rows.forEach(row ->
        costs.put(String.join(",", row.labels().values()), row.costNanoUsd().longValueExact()));
    return costs;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          groupBy=apiKey&step=hour
          groupBy=apiKey,subject&step=day&sort=-costNanoUsd
          groupBy=tags.app,model&step=hour&sort=-ttftP95Micros,requests
          groupBy=subject&step=5m&apiKey=k1&apiKey=k2&sort=tokens.input
          step=hour&requests=1
          """)
  void isTheSameInPagesOfEverySize(String query) throws SQLException {
    // Given
    UsageKit kit = kit(SpendTags.USUAL);
    Random random = new Random(7);
    Content[] records = new Content[60];
    Arrays.setAll(
        records,
        i ->
            new Content.Request(
                record(kit, END.minusMillis(random.nextLong(SPAN.toMillis())), random)));
    kit.send(1, records);
    kit.sums.catchUp();
    Map<String, List<String>> parameters = parameters(query);
    parameters.put("tenant", List.of(kit.tenant));
    parameters.put("from", List.of(END.minus(SPAN).toString()));
    parameters.put("to", List.of(END.toString()));
    List<SpendRow> whole = read(parameters, SpendTest::all);

    for (int limit : new int[] {1, 2, 7, 60}) {
      // When
      List<SpendRow> paged = new ArrayList<>();
      parameters.remove("cursor");
      boolean more = true;
      while (more) {
        SpendQuery page =
            SpendQuery.of(
                parameters,
                END,
                (all, fields, usual) ->
                    ListQuery.readByAllKeys(all, fields, usual, SpendQuery.OWN, limit));
        List<SpendRow> found = rows.page(page, new Scope.Everything());
        more = found.size() > limit;
        paged.addAll(more ? found.subList(0, limit) : found);
        parameters.put("cursor", List.of(page.list().cursor(page.keysOf(paged.getLast()))));
        if (more) {
          assertThat(rows.page(page.after(paged.getLast()), new Scope.Everything()))
              .as("the page after, without a cursor")
              .isEqualTo(
                  whole.subList(paged.size(), Math.min(whole.size(), paged.size() + limit + 1)));
        }
      }

      // Then
      assertThat(paged).as("limit %d", limit).isEqualTo(whole).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "groupBy=colour",
        "groupBy=tags.",
        "groupBy=tags.a,tags.b",
        "groupBy=tags.a,apiKey",
        "groupBy=tags.a&region=eu-west",
        "groupBy=model&sort=tenant",
        "step=7m",
        "step=0m",
        "step=5m&from=2020-01-01T00:00:00Z",
        "from=2026-11-20T00:00:00Z&to=2026-11-20T00:00:00Z",
        "colour=red",
        "costNanoUsd=1e999999999",
        "costNanoUsd=1e-999999999",
        "from=-1000000-01-01T00:00:00Z",
        "from=2026-11-20T00:00:00Z&to=+1000000000-12-31T23:59:59Z&step=40d",
        "at=-1000000-01-01T00:00:00Z",
      })
  void refusesWhatMakesNoSense(String query) {
    assertThatThrownBy(() ->
            SpendQuery.of(
                parameters(query),
                END,
                (all, fields, usual) ->
                    ListQuery.readByAllKeys(all, fields, usual, SpendQuery.OWN, Page.limit(null))))
        .isInstanceOf(ProblemException.class);
  }

  @Property(tries = 100)
  void theDatabaseSaysTheSameQuantiles(
      @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 50) Long> counts)
      throws SQLException {
    long[] all = counts.stream().mapToLong(Long::longValue).toArray();
    try (Connection connection = MigratedPostgres.admin().getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT usage.ttft_quantile(?, 0.5), usage.ttft_quantile(?, 0.95)")) {
      BigDecimal stored = new BigDecimal(TtftHistogram.packed(all));
      select.setBigDecimal(1, stored);
      select.setBigDecimal(2, stored);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        assertThat(Math.abs(row.getLong(1) - TtftHistogram.quantile(all, 0.5))).isLessThan(2);
        assertThat(Math.abs(row.getLong(2) - TtftHistogram.quantile(all, 0.95))).isLessThan(2);
      }
    }
  }

  private static UsageKit kit(SpendTags tags) throws SQLException {
    UsageKit kit = new UsageKit(InstantSource.fixed(END), tags);
    kit.lease(900_000);
    return kit;
  }

  private List<SpendRow> whole(UsageKit kit, String groupBy, String step, Instant from, Instant to)
      throws SQLException {
    kit.sums.catchUp();
    Map<String, List<String>> parameters = new HashMap<>();
    parameters.put("tenant", List.of(kit.tenant));
    parameters.put("groupBy", List.of(groupBy));
    parameters.put("from", List.of(from.toString()));
    parameters.put("to", List.of(to.toString()));
    if (!step.isEmpty()) {
      parameters.put("step", List.of(step));
    }
    return read(parameters, SpendTest::all);
  }

  private List<SpendRow> read(Map<String, List<String>> parameters, SpendQuery.Paging paging)
      throws SQLException {
    SpendQuery query = SpendQuery.of(parameters, END, paging);
    return rows.page(query, new Scope.Everything());
  }

  private static ListQuery all(
      Map<String, List<String>> parameters, List<Field> fields, List<ListQuery.SortKey> usual) {
    return ListQuery.readByAllKeys(parameters, fields, usual, SpendQuery.OWN, 1_000_000);
  }

  private static Map<String, List<String>> parameters(String query) {
    Map<String, List<String>> parameters = new HashMap<>();
    for (String each : query.split("&", -1)) {
      String[] parts = each.split("=", 2);
      parameters.computeIfAbsent(parts[0], none -> new ArrayList<>()).add(parts[1]);
    }
    return parameters;
  }
}
