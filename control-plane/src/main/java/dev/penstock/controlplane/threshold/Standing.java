package dev.penstock.controlplane.threshold;

import dev.penstock.controlplane.budget.Threshold;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * One budget's window against the budget's thresholds. Amounts in nano-USD.
 *
 * @param running whether the window counts now; one that is over, or whose budget is gone, does not
 * @param refused whether it could not pay for an exchange since its limit was moved last
 * @param thresholds as the budget states them now
 * @param acted where those stand that have ever acted in this window
 */
record Standing(
    UUID windowId,
    UUID budgetId,
    String tenant,
    String budget,
    long spent,
    long amount,
    boolean running,
    boolean refused,
    List<Threshold> thresholds,
    List<Acted> acted) {

  /**
   * From this part of a budget on a refusal counts as its end: what is left may be too little for
   * any exchange. A refusal before says that the exchange was too large.
   */
  private static final int NEARLY_SPENT_PERCENT = 90;

  Standing {
    Objects.requireNonNull(windowId, "windowId");
    Objects.requireNonNull(budgetId, "budgetId");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(budget, "budget");
    thresholds = List.copyOf(thresholds);
    acted = List.copyOf(acted);
  }

  /**
   * A threshold that has acted.
   *
   * @param step how often it has begun or ended
   * @param amount the budget's when it did so last
   */
  record Acted(Threshold threshold, int step, long amount, boolean inForce) {

    boolean isOf(Threshold other) {
      return threshold.atPercent() == other.atPercent() && threshold.action() == other.action();
    }
  }

  /** Why an action begins or ends. */
  enum Reason {
    SPENT,
    REFUSED,
    RAISED,
    AGED,
    WINDOW_OVER,
    CHANGED;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** An action begins, where {@code applied}, or ends. */
  record Change(Threshold threshold, int step, boolean applied, Reason reason) {}

  /** What has to begin and to end, so that exactly what is due is in force. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (Acted each : acted) {
      if (each.inForce() && !isDue(each.threshold())) {
        changes.add(new Change(each.threshold(), each.step() + 1, false, whyOver(each)));
      }
    }
    for (Threshold threshold : thresholds) {
      if (isDue(threshold)) {
        Acted before = acted.stream().filter(each -> each.isOf(threshold)).findFirst().orElse(null);
        if (before == null || !before.inForce()) {
          int step = before == null ? 1 : before.step() + 1;
          Reason why = isReached(threshold.atPercent()) ? Reason.SPENT : Reason.REFUSED;
          changes.add(new Change(threshold, step, true, why));
        }
      }
    }
    return changes;
  }

  private boolean isDue(Threshold threshold) {
    return running
        && thresholds.contains(threshold)
        && (isReached(threshold.atPercent())
            || (threshold.action() == ThresholdAction.CAP
                && refused
                && isReached(NEARLY_SPENT_PERCENT)));
  }

  /** Nothing is reached before anything is spent, also where the amount is nothing. */
  private boolean isReached(int percent) {
    return spent > 0
        && BigInteger.valueOf(spent)
                .multiply(BigInteger.valueOf(100))
                .compareTo(BigInteger.valueOf(amount).multiply(BigInteger.valueOf(percent)))
            >= 0;
  }

  private Reason whyOver(Acted each) {
    if (!running) {
      return Reason.WINDOW_OVER;
    }
    if (!thresholds.contains(each.threshold())) {
      return Reason.CHANGED;
    }
    return amount > each.amount() ? Reason.RAISED : Reason.AGED;
  }
}
