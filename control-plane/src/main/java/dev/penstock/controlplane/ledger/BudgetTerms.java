package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What the platform team stated about a budget, as far as money needs to know it.
 *
 * @param amount limit of each of its windows, nano-USD
 * @param rolling how long the one window is that rolls; empty: calendar periods
 */
record BudgetTerms(
    UUID budgetId,
    String tenant,
    long amount,
    Period.Every every,
    ZoneId zone,
    Optional<Duration> rolling,
    Mode mode) {

  /** Of a window that rolls; what is spent leaves it with the step in which it was spent. */
  private static final int STEPS = 24;

  BudgetTerms {
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(every, "every");
    Objects.requireNonNull(zone, "zone");
    Objects.requireNonNull(rolling, "rolling");
    Objects.requireNonNull(mode, "mode");
  }

  Period periodAt(Instant now) {
    return rolling.isPresent() ? Period.ALWAYS : Period.at(every, zone, now);
  }

  /** Until a period ends, or until more of a window that rolls may be there to be spent. */
  Duration remaining(Period period, Instant now) {
    if (rolling.isEmpty()) {
      return Duration.between(now, period.endsAt());
    }
    long step = rolling.get().toSeconds() / STEPS;
    return Duration.ofSeconds(step - Math.floorMod(now.getEpochSecond(), step));
  }

  /** The id of the window of a period; whoever makes it first, it is the same. */
  UUID windowId(Period period) {
    return NameUuid.of("WINDOW", budgetId, period.startsAt());
  }
}
