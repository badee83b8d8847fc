package dev.penstock.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A number that is due, and what was found.
 *
 * @param met whether the median is within the limit; nothing where nothing was measured
 */
public record Goal(String text, double limit, Optional<Spread> found, Optional<Boolean> met) {
  private static final double CHUNK_COST = 1.7;
  private static final double FIRST_TOKEN = 5;

  static List<Goal> of(Map<String, Summary> summaries) {
    return List.of(
        goal(
            "Penstock's CPU per chunk, × nginx",
            CHUNK_COST,
            found(summaries, "chunkCost", "costTimesNginx")),
        goal(
            "Penstock's added TTFT p50, × nginx",
            FIRST_TOKEN,
            found(summaries, "firstToken", "addedP50TimesNginx")));
  }

  private static Optional<Spread> found(
      Map<String, Summary> summaries, String instrument, String key) {
    return Optional.ofNullable(summaries.get(instrument))
        .map(summary -> summary.figures().get("penstock"))
        .map(row -> row.get(key));
  }

  private static Goal goal(String text, double limit, Optional<Spread> found) {
    return new Goal(text, limit, found, found.map(it -> it.median() <= limit));
  }

  String line() {
    String verdict = met.map(yes -> yes ? "met" : "NOT met").orElse("not measured in this run");
    return String.format(
        Locale.ROOT,
        "%s: at most %.2f, found %s: %s",
        text,
        limit,
        found.map(it -> it.text(2)).orElse("–"),
        verdict);
  }
}
