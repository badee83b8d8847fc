package dev.penstock.benchmarks.report;

import dev.penstock.benchmarks.instrument.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One number that an instrument reads in each round, for one target after another.
 *
 * <p>A ratio is taken inside each round and only then is the median taken: what disturbed the
 * machine in a round disturbed both of its sides.
 */
public record Figure<R extends Round>(List<R> rounds, ToDoubleFunction<R> reading) {
  public Figure {
    rounds = List.copyOf(rounds);
  }

  public Optional<Spread> of(String target) {
    return Spread.of(values(target));
  }

  /** How many times another target's; both have to be above zero to be compared. */
  public Optional<Spread> times(String target, String other) {
    return Spread.of(
        combined(target, other, (mine, its) -> mine > 0 && its > 0 ? mine / its : Double.NaN));
  }

  /** How much more than another target's. */
  public Optional<Spread> beyond(String target, String other) {
    return Spread.of(combined(target, other, (mine, its) -> mine - its));
  }

  /** How many times another target's, each counted from what a third has. */
  public Optional<Spread> timesBeyond(String target, String other, String base) {
    List<Double> ratios = new ArrayList<>();
    for (R mine : rounds) {
      Optional<R> its = in(mine.round(), other);
      Optional<R> floor = in(mine.round(), base);
      if (mine.target().equals(target) && its.isPresent() && floor.isPresent()) {
        double least = reading.applyAsDouble(floor.get());
        double added = reading.applyAsDouble(its.get()) - least;
        if (added > 0) {
          ratios.add((reading.applyAsDouble(mine) - least) / added);
        }
      }
    }
    return Spread.of(ratios);
  }

  private interface Combination {
    double of(double mine, double its);
  }

  private List<Double> combined(String target, String other, Combination combination) {
    List<Double> results = new ArrayList<>();
    for (R mine : rounds) {
      if (mine.target().equals(target)) {
        in(mine.round(), other)
            .map(its -> combination.of(reading.applyAsDouble(mine), reading.applyAsDouble(its)))
            .filter(Double::isFinite)
            .ifPresent(results::add);
      }
    }
    return results;
  }

  private List<Double> values(String target) {
    return rounds.stream()
        .filter(round -> round.target().equals(target))
        .map(reading::applyAsDouble)
        .toList();
  }

  private Optional<R> in(int round, String target) {
    return rounds.stream()
        .filter(its -> its.round() == round && its.target().equals(target))
        .findFirst();
  }
}
