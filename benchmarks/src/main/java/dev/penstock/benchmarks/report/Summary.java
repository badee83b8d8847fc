package dev.penstock.benchmarks.report;

import dev.penstock.benchmarks.instrument.Round;
import dev.penstock.cli.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one instrument found: a row for each target, a column for each figure, each with its spread.
 */
public record Summary(
    String title,
    String explanation,
    List<String> targets,
    List<Column> columns,
    List<Round> rounds) {

  /**
   * One figure of a target.
   *
   * @param key its name in JSON
   * @param heading its name in tables, with the unit
   */
  public record Column(
      String key,
      String heading,
      int decimals,
      Detail detail,
      Function<String, Optional<Spread>> figure) {

    String text(String target) {
      return figure
          .apply(target)
          .map(it ->
              switch (detail) {
                case SPREAD -> it.text(decimals);
                case MEDIAN -> it.medianText(decimals);
              })
          .orElse("–");
    }
  }

  /** What a table shows of a figure; JSON always has all of it. */
  public enum Detail {
    SPREAD,
    MEDIAN
  }

  public Summary {
    targets = List.copyOf(targets);
    columns = List.copyOf(columns);
    rounds = List.copyOf(rounds);
  }

  /** By target, by figure; a figure that a target does not have is left out. */
  public Map<String, Map<String, Spread>> figures() {
    Map<String, Map<String, Spread>> all = new LinkedHashMap<>();
    for (String target : targets) {
      Map<String, Spread> row = new LinkedHashMap<>();
      columns.forEach(
          column -> column.figure().apply(target).ifPresent(it -> row.put(column.key(), it)));
      all.put(target, row);
    }
    return all;
  }

  /** A table, after a line that says what is in it. */
  public String text() {
    List<String> head = new ArrayList<>(List.of("target"));
    columns.forEach(column -> head.add(column.heading()));
    TextTable table = new TextTable(head.toArray(String[]::new));
    for (String target : targets) {
      List<String> row = new ArrayList<>(List.of(target));
      columns.forEach(column -> row.add(column.text(target)));
      table.row(row.toArray(String[]::new));
    }
    return title + "\n" + explanation + "\n" + table;
  }

  public long bad() {
    return rounds.stream().mapToLong(round -> round.checked().bad()).sum();
  }

  public long streams() {
    return rounds.stream().mapToLong(round -> round.checked().streams()).sum();
  }
}
