package dev.penstock.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A figure over all rounds: its median, and how far the rounds lie apart. */
public record Spread(
    int rounds, double median, double min, double lowerQuartile, double upperQuartile, double max) {

  /** Nothing for no rounds. */
  public static Optional<Spread> of(List<Double> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Optional.of(
        new Spread(
            sorted.length,
            at(sorted, 0.5),
            sorted[0],
            at(sorted, 0.25),
            at(sorted, 0.75),
            sorted[sorted.length - 1]));
  }

  /** Between two values, the straight line between them. */
  private static double at(double[] sorted, double part) {
    double position = part * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  String medianText(int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", median);
  }

  /** Median, then in brackets least, quartiles and most. */
  public String text(int decimals) {
    String number = "%." + decimals + "f";
    return String.format(
        Locale.ROOT,
        number + " [" + number + " " + number + "–" + number + " " + number + "]",
        median,
        min,
        lowerQuartile,
        upperQuartile,
        max);
  }
}
