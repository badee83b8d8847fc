package dev.penstock.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WindowDecisionsTest {

  @Test
  void aRaiseIsFundedAtOnce() {
    WindowBalance raised = WindowDecisions.align(window(100, 10), 150).window();

    assertThat(raised.limit()).isEqualTo(150);
    assertThat(raised.available()).isEqualTo(60);
  }

  @Test
  void aCutTakesWhatIsAvailableAndWaitsForTheRest() {
    WindowBalance lowered = WindowDecisions.align(window(100, 30), 40).window();

    assertThat(lowered.limit()).isEqualTo(70);
    assertThat(lowered.available()).isZero();
    assertThat(lowered.pendingCut()).isEqualTo(30);
  }

  @Property
  void endsAtTheTargetOnceThePendingCutIsTaken(
      @ForAll @LongRange(min = 0, max = 1_000_000) long limit,
      @ForAll @LongRange(min = 0, max = 1_000_000) long part,
      @ForAll @LongRange(min = 0, max = 1_000_000) long target) {
    Alignment aligned = WindowDecisions.align(window(limit, Math.min(limit, part)), target);

    WindowBalance after = aligned.window();
    assertThat(after.limit() - after.pendingCut()).isEqualTo(target);
    assertThat(aligned.postings()).hasSizeLessThanOrEqualTo(1);
    assertThat(WindowDecisions.align(after, target).postings()).isEmpty();
  }

  private static WindowBalance window(long limit, long available) {
    UUID id = new UUID(0, 1);
    return new WindowBalance(
        id, Mode.STRICT, limit, 0, 0, available, limit - available, 0, 0, 0, 0);
  }
}
