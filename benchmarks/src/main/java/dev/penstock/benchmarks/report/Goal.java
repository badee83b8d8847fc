package dev.penstock.benchmarks.report;

import dev.penstock.benchmarks.instrument.HoldCost;
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
  /** What is due of one figure of one target. */
  private record Due(String text, double limit, String instrument, String target, String figure) {

    Goal against(Map<String, Summary> summaries, boolean judged) {
      Optional<Spread> found =
          Optional.ofNullable(summaries.get(instrument))
              .map(summary -> summary.figures().get(target))
              .map(row -> row.get(figure));
      return new Goal(
          text, limit, found, found.filter(it -> judged).map(it -> it.median() <= limit));
    }
  }

  private static final List<Due> ALL =
      List.of(
          new Due("CPU per chunk, × nginx", 1.5, "chunkCost", "penstock", "costTimesNginx"),
          new Due(
              "CPU per translated chunk, × nginx", 2, "chunkCost", "translated", "costTimesNginx"),
          new Due(
              "CPU per chunk with guards on answers, × nginx",
              2,
              "chunkCost",
              "guarded",
              "costTimesNginx"),
          new Due("CPU per chunk in bursts, × nginx", 2, "burstCost", "penstock", "costTimesNginx"),
          new Due("added TTFT p50, × nginx", 5, "firstToken", "penstock", "addedP50TimesNginx"),
          new Due(
              "CPU per request among 10,000 tenants, × among 10",
              1.1,
              "firstToken",
              "crowd",
              "cpuTimesPenstock"),
          new Due("authentication and policy look-up, ns", 500, "lookUp", LookUp.CROWD, "nanos"),
          new Due("hold on three budgets, ns", 500, "hold", HoldCost.HOLD, "nanos"));

  static List<Goal> of(Map<String, Summary> summaries, boolean judged) {
    return ALL.stream().map(due -> due.against(summaries, judged)).toList();
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
