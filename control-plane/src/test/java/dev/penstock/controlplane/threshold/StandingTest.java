package dev.penstock.controlplane.threshold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.budget.Threshold;
import dev.penstock.controlplane.threshold.Standing.Acted;
import dev.penstock.controlplane.threshold.Standing.Change;
import dev.penstock.controlplane.threshold.Standing.Reason;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StandingTest {

  private static final Threshold ALERT = new Threshold(80, ThresholdAction.ALERT, "");
  private static final Threshold ROUTE = new Threshold(95, ThresholdAction.ROUTE, "cheap");
  private static final Threshold CAP = new Threshold(100, ThresholdAction.CAP, "");
  private static final List<Threshold> ALL = List.of(ALERT, ROUTE, CAP);

  @Test
  void beginsWhatIsReachedAndNothingElse() {
    assertThat(standing(0, 1000).changes()).isEmpty();
    assertThat(standing(799, 1000).changes()).isEmpty();
    assertThat(standing(800, 1000).changes())
        .containsExactly(new Change(ALERT, 1, true, Reason.SPENT));
    assertThat(standing(1200, 1000).changes())
        .extracting(Change::threshold)
        .containsExactly(ALERT, ROUTE, CAP);
  }

  @Test
  void countsTheLargestAmountsExactly() {
    long amount = Long.MAX_VALUE / 10 * 10;

    assertThat(standing(amount / 10 * 8 - 1, amount).changes()).isEmpty();
    assertThat(standing(amount / 10 * 8, amount).changes()).hasSize(1);
    assertThat(standing(1, 0).changes()).hasSize(3);
  }

  @Test
  void leavesAloneWhatIsInForce() {
    assertThat(standing(960, 1000, new Acted(ALERT, 1, 1000, true), acted(ROUTE)).changes())
        .isEmpty();
  }

  @Test
  void endsWithARaiseAndBeginsAgain() {
    Standing raised = standing(960, 2000, acted(ALERT), acted(ROUTE));

    assertThat(raised.changes())
        .containsExactly(
            new Change(ALERT, 2, false, Reason.RAISED), new Change(ROUTE, 2, false, Reason.RAISED));

    assertThat(standing(1600, 2000, new Acted(ALERT, 2, 2000, false)).changes())
        .containsExactly(new Change(ALERT, 3, true, Reason.SPENT));
  }

  @Test
  void endsAsSpendAgesAndWithItsWindow() {
    assertThat(standing(100, 1000, acted(ALERT)).changes())
        .containsExactly(new Change(ALERT, 2, false, Reason.AGED));

    Standing over =
        new Standing(
            new UUID(0, 1),
            new UUID(0, 2),
            "acme",
            "month",
            999,
            1000,
            false,
            true,
            ALL,
            List.of(acted(ALERT)));
    assertThat(over.changes()).containsExactly(new Change(ALERT, 2, false, Reason.WINDOW_OVER));
  }

  @Test
  void endsWhatTheBudgetNoLongerSays() {
    Threshold other = new Threshold(95, ThresholdAction.ROUTE, "other");

    assertThat(standing(960, 1000, acted(ALERT), acted(other)).changes())
        .contains(new Change(other, 2, false, Reason.CHANGED));
  }

  @Test
  void capsByARefusalOnlyWhereNearlyAllIsSpent() {
    assertThat(refused(899).changes()).extracting(Change::threshold).containsExactly(ALERT);
    assertThat(refused(910).changes()).contains(new Change(CAP, 1, true, Reason.REFUSED));
    assertThat(standing(910, 1000).changes()).extracting(Change::threshold).containsExactly(ALERT);
  }

  private static Acted acted(Threshold threshold) {
    return new Acted(threshold, 1, 1000, true);
  }

  private static Standing refused(long spent) {
    return new Standing(
        new UUID(0, 1), new UUID(0, 2), "acme", "month", spent, 1000, true, true, ALL, List.of());
  }

  private static Standing standing(long spent, long amount, Acted... acted) {
    return new Standing(
        new UUID(0, 1),
        new UUID(0, 2),
        "acme",
        "month",
        spent,
        amount,
        true,
        false,
        ALL,
        List.of(acted));
  }
}
