package dev.penstock.cli.spend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.TextTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of spend as a table for people: cost in dollars, times in milliseconds. */
final class SpendReport {

  private static final int NANO_DIGITS = 9;
  private static final int SHOWN_DIGITS = 4;
  private static final double MICROS_PER_MILLI = 1000;

  private final List<String> labels;
  private final List<JsonNode> rows;

  SpendReport(List<String> labels, List<JsonNode> rows) {
    this.labels = List.copyOf(labels);
    this.rows = List.copyOf(rows);
  }

  @Override
  public String toString() {
    List<String> head = new ArrayList<>(List.of("FROM"));
    labels.forEach(label -> head.add(label.toUpperCase(Locale.ROOT)));
    head.addAll(List.of("REQUESTS", "INPUT", "OUTPUT", "USD", "BORNE", "TTFT P50", "TTFT P95"));
    TextTable table = new TextTable(head.toArray(String[]::new));
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.path("at").asText()));
      for (String label : labels) {
        String value = row.path(label).asText();
        cells.add(value.isEmpty() ? "-" : value);
      }
      cells.add(row.path("requests").asText());
      cells.add(row.path("tokens").path("input").asText());
      cells.add(row.path("tokens").path("output").asText());
      cells.add(dollars(row.path("costNanoUsd").asText()));
      cells.add(dollars(row.path("borneNanoUsd").asText("0")));
      cells.add(millis(row.path("ttftP50Micros").asLong()));
      cells.add(millis(row.path("ttftP95Micros").asLong()));
      table.row(cells.toArray(String[]::new));
    }
    return table.toString();
  }

  /** Rounded up, so that nothing that cost something looks free. */
  private static String dollars(String nanos) {
    return new BigDecimal(nanos)
        .movePointLeft(NANO_DIGITS)
        .setScale(SHOWN_DIGITS, RoundingMode.CEILING)
        .toPlainString();
  }

  private static String millis(long micros) {
    return micros == 0 ? "-" : String.format(Locale.ROOT, "%.1f ms", micros / MICROS_PER_MILLI);
  }
}
