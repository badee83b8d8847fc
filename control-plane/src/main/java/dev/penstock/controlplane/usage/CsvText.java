package dev.penstock.controlplane.usage;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines of a CSV file (RFC 4180) that spreadsheets open without running anything: a text that would
 * be taken for a formula gets an apostrophe in front, as OWASP's page on CSV injection advises.
 */
final class CsvText {

  /**
   * With what a formula begins, also in the wide forms that some spreadsheets take for the same.
   */
  private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

  private CsvText() {}

  /** One line with its end; texts are made harmless, everything else is as it prints itself. */
  static String line(List<?> values) {
    return values.stream()
        .map(value -> value instanceof String text ? cell(text) : String.valueOf(value))
        .collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(String text) {
    String harmless = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = harmless.chars().anyMatch(c -> ",\"\r\n;".indexOf(c) >= 0);
    return quoted ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
  }
}
