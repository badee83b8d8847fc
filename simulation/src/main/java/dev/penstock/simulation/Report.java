package dev.penstock.simulation;

import dev.penstock.simulation.Run.Outcome;
import java.util.List;
import java.util.Locale;

/**
 * What seeds found, taken together.
 *
 * @param overspentSeeds in how many more was spent than is allowed
 * @param violated those in which anything happened that must not
 * @param usedShare median over the seeds of how much of their windows was spent
 */
record Report(
    long seeds,
    long overspentSeeds,
    long maxOverspendNanoUsd,
    long lostEvents,
    long duplicateEvents,
    long admitted,
    long refused,
    double usedShare,
    double seconds,
    List<Outcome> violated) {

  Report {
    violated = List.copyOf(violated);
  }

  static Report of(List<Outcome> outcomes, long nanos) {
    List<Double> shares = outcomes.stream().map(Outcome::usedShare).sorted().toList();
    return new Report(
        outcomes.size(),
        outcomes.stream().filter(outcome -> outcome.overspendNanoUsd() > 0).count(),
        outcomes.stream().mapToLong(Outcome::overspendNanoUsd).max().orElse(0),
        outcomes.stream().mapToLong(Outcome::lostEvents).sum(),
        outcomes.stream().mapToLong(Outcome::duplicateEvents).sum(),
        outcomes.stream().mapToLong(Outcome::admitted).sum(),
        outcomes.stream().mapToLong(Outcome::refused).sum(),
        shares.isEmpty() ? 0 : shares.get(shares.size() / 2),
        nanos / 1e9,
        outcomes.stream().filter(outcome -> outcome.violation().isPresent()).toList());
  }

  boolean isClean() {
    return violated.isEmpty();
  }

  String text(int shown) {
    StringBuilder text = new StringBuilder();
    violated.stream()
        .limit(shown)
        .forEach(outcome ->
            text.append("seed ")
                .append(outcome.seed())
                .append(": ")
                .append(outcome.violation().orElseThrow().getMessage())
                .append(System.lineSeparator()));
    return text.append(
            String.format(
                Locale.ROOT,
                "%d seeds in %.1f s: %d with a violation, %d overspent (at most by %d nano-USD), %d records lost, %d booked twice;"
                    + " %d requests admitted, %d refused, half of the runs used at least %.1f %% of their windows",
                seeds,
                seconds,
                violated.size(),
                overspentSeeds,
                maxOverspendNanoUsd,
                lostEvents,
                duplicateEvents,
                admitted,
                refused,
                usedShare * 100))
        .toString();
  }

  String json() {
    return String.format(
        Locale.ROOT,
        """
        {
          "seeds": %d,
          "overspentSeeds": %d,
          "maxOverspendNanoUsd": %d,
          "lostEvents": %d,
          "duplicateEvents": %d,
          "violatedSeeds": %s,
          "admittedRequests": %d,
          "refusedRequests": %d,
          "medianUsedShare": %.4f,
          "seconds": %.1f
        }
        """,
        seeds,
        overspentSeeds,
        maxOverspendNanoUsd,
        lostEvents,
        duplicateEvents,
        violated.stream().map(Outcome::seed).toList(),
        admitted,
        refused,
        usedShare,
        seconds);
  }
}
