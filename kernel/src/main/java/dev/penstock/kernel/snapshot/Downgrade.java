package dev.penstock.kernel.snapshot;

import java.util.Objects;

/**
 * Which route requests go by once so much of their budget is spent. Whether it is, the control
 * plane says.
 *
 * @param atPercent 1 to 100
 * @param route name of a route of the budget's owner or, where that has none, of the nearest
 *     ancestor that has
 */
public record Downgrade(int atPercent, String route) {
  public Downgrade {
    Objects.requireNonNull(route, "route");
    if (atPercent < 1 || atPercent > 100) {
      throw new IllegalArgumentException("atPercent: " + atPercent + " (expected: 1 to 100)");
    }
  }
}
