package dev.penstock.benchmarks.report;

import dev.penstock.benchmarks.instrument.LookUp;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A number that is due, and what was found.
 *
 * @param met whether the median is within the limit; nothing where that was not measured, or by too
 *     few rounds
 */
public record Goal(String text, double limit, Optional<Spread> found, Optional<Boolean> met) {
  private static final double CHUNK_COST = 1.5;
  private static final double TRANSLATED_COST = 2;
  private static final double BURST_COST = 2;
  private static final double FIRST_TOKEN = 5;
  private static final double CROWD = 1.1;
  private static final double LOOK_UP_NANOS = 500;

  static List<Goal> of(Map<String, Summary> summaries, boolean judged) {
    return List.of(
        goal(
            "Penstock's CPU per chunk, × nginx",
            CHUNK_COST,
            found(summaries, "chunkCost", "penstock", "costTimesNginx"),
            judged),
        goal(
            "CPU per translated chunk, × nginx",
            TRANSLATED_COST,
            found(summaries, "chunkCost", "translated", "costTimesNginx"),
            judged),
        goal(
            "Penstock's CPU per chunk in bursts, × nginx",
            BURST_COST,
            found(summaries, "burstCost", "penstock", "costTimesNginx"),
            judged),
        goal(
            "Penstock's added TTFT p50, × nginx",
            FIRST_TOKEN,
            found(summaries, "firstToken", "penstock", "addedP50TimesNginx"),
            judged),
        goal(
            "CPU per request among 10,000 tenants, × among 10",
            CROWD,
            found(summaries, "firstToken", "crowd", "cpuTimesPenstock"),
            judged),
        goal(
            "Authentication and policy look-up, ns",
            LOOK_UP_NANOS,
            found(summaries, "lookUp", LookUp.CROWD, "nanos"),
            judged));
  }

  private static Optional<Spread> found(
      Map<String, Summary> summaries, String instrument, String target, String key) {
    return Optional.ofNullable(summaries.get(instrument))
        .map(summary -> summary.figures().get(target))
        .map(row -> row.get(key));
  }

  private static Goal goal(String text, double limit, Optional<Spread> found, boolean judged) {
    return new Goal(text, limit, found, found.filter(it -> judged).map(it -> it.median() <= limit));
  }

  String line() {
    String verdict = met.map(yes -> yes ? "met" : "NOT met").orElse("not judged by this run");
    return String.format(
        Locale.ROOT,
        "%s: at most %.2f, found %s: %s",
        text,
        limit,
        found.map(it -> it.text(2)).orElse("–"),
        verdict);
  }
}
