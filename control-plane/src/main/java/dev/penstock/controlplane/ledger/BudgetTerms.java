package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.UUID;

/**
 * What the platform team stated about a budget, as far as money needs to know it.
 *
 * @param amount limit of each of its windows, nano-USD
 */
record BudgetTerms(
    UUID budgetId, String tenant, long amount, Period.Every every, ZoneId zone, Mode mode) {

  BudgetTerms {
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(every, "every");
    Objects.requireNonNull(zone, "zone");
    Objects.requireNonNull(mode, "mode");
  }

  Period periodAt(Instant now) {
    return Period.at(every, zone, now);
  }

  /** The id of the window of a period; whoever makes it first, it is the same. */
  UUID windowId(Period period) {
    return NameUuid.of("WINDOW", budgetId, period.startsAt());
  }
}
