package dev.penstock.controlplane.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LimitChangeTest {

  @Test
  void aRaiseIsFundedAtOnce() {
    assertThat(LimitChange.plan(100, 10, 150)).isEqualTo(new LimitChange(50, 0, 0));
  }

  @Test
  void aCutTakesWhatIsAvailableAndWaitsForTheRest() {
    assertThat(LimitChange.plan(100, 30, 40)).isEqualTo(new LimitChange(0, 30, 30));
  }

  @Property
  void endsAtTheTargetOnceThePendingCutIsTaken(
      @ForAll @LongRange(min = 0, max = 1_000_000) long limit,
      @ForAll @LongRange(min = 0, max = 1_000_000) long available,
      @ForAll @LongRange(min = 0, max = 1_000_000) long target) {
    LimitChange change = LimitChange.plan(limit, available, target);

    assertThat(limit + change.fund() - change.cut() - change.pendingCut()).isEqualTo(target);
    assertThat(change.cut()).isBetween(0L, available);
    assertThat(change.fund() == 0 || change.cut() == 0).isTrue();
  }
}
