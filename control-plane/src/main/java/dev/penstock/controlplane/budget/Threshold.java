package dev.penstock.controlplane.budget;

import dev.penstock.kernel.snapshot.ThresholdAction;
import java.util.Comparator;
import java.util.Objects;

/**
 * What a budget does once so much of it is spent.
 *
 * @param atPercent of the budget's amount, 1 to 100
 * @param route name of the route that requests go by from then on; empty unless that is the action
 */
public record Threshold(int atPercent, ThresholdAction action, String route) {

  /** The end of every budget, said or not. */
  static final Threshold CAP = new Threshold(100, ThresholdAction.CAP, "");

  static final Comparator<Threshold> ORDER =
      Comparator.comparingInt(Threshold::atPercent).thenComparing(Threshold::action);

  public Threshold {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(route, "route");
  }
}
