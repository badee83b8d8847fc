package dev.penstock.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.ledger.Decision.Verdict;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import dev.penstock.kernel.ledger.LeaseDecisions.Circumstances;
import dev.penstock.kernel.ledger.LeaseDecisions.Request;
import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LeaseDecisionsTest {

  private static final UUID WINDOW = new UUID(0, 1);
  private static final UUID SPOOL = new UUID(0, 2);
  private static final String NODE = "eu-west-1";
  private static final Circumstances FINE = new Circumstances(false, 1000, 1, false, false);

  private WindowBalance window = WindowBalance.empty(WINDOW, Mode.STRICT);
  private LeaseBalance lease = LeaseBalance.opened(new UUID(0, 3), WINDOW, NODE, SPOOL);
  private final List<Posting> booked = new ArrayList<>();

  @Test
  void fundsTheWindowAndGrantsWhatIsNeeded() {
    assertThat(ask(200, FINE)).isEqualTo(Verdict.ACTIVE);

    assertThat(lease.granted()).isEqualTo(200);
    assertThat(window.available()).isEqualTo(800);
    assertThat(booked)
        .extracting(Posting::name)
        .containsExactly("FUND|%s|1".formatted(WINDOW), "GRANT|%s|200".formatted(lease.leaseId()));
  }

  @Test
  void grantsTheNeedOrNothing() {
    assertThat(ask(1001, FINE)).isEqualTo(Verdict.EXHAUSTED);

    assertThat(lease.granted()).isZero();
  }

  @Test
  void grantsNothingToAStrangerOrToAProcessThatWasReplaced() {
    Request foreign = new Request("eu-west-2", SPOOL, 0, 0, 10, 10);
    Circumstances replaced = new Circumstances(true, 1000, 1, false, false);

    assertThat(LeaseDecisions.request(window, lease, foreign, FINE).verdict())
        .isEqualTo(Verdict.CLOSED);
    assertThat(ask(10, replaced)).isEqualTo(Verdict.CLOSED);
    assertThat(booked).isEmpty();
  }

  @Test
  void whatIsGivenBackCountsOnce() {
    ask(200, FINE);

    take(LeaseDecisions.giveBack(window, lease, NODE, SPOOL, 50));
    take(LeaseDecisions.giveBack(window, lease, NODE, SPOOL, 50));
    take(LeaseDecisions.giveBack(window, lease, NODE, SPOOL, 20));

    assertThat(lease.rest()).isEqualTo(150);
    assertThat(window.available()).isEqualTo(850);
  }

  @Test
  void whatASilentNodeHasIsNobodyElses() {
    ask(200, FINE);

    take(LeaseDecisions.expire(window, lease));
    take(LeaseDecisions.expire(window, lease));

    assertThat(window.quarantined()).isEqualTo(200);
    assertThat(window.available()).isEqualTo(800);
    assertThat(ask(300, FINE)).isEqualTo(Verdict.QUARANTINED);
    assertThat(lease.granted()).isEqualTo(200);
  }

  @Test
  void aQuarantinedLeaseIsChargedAndClosedWhenItsRecordsCome() {
    ask(200, FINE);
    take(LeaseDecisions.expire(window, lease));

    take(LeaseDecisions.settle(window, lease, 120, "usage"));
    assertThat(close(0, false)).isEqualTo(Verdict.NOT_YET);
    assertThat(close(120, true)).isEqualTo(Verdict.CLOSED);

    assertThat(window.spent()).isEqualTo(120);
    assertThat(window.available()).isEqualTo(880);
    assertThat(window.quarantined()).isZero();
    assertThat(lease.standing()).isEqualTo(Standing.CLOSED);
  }

  @Test
  void aPresumptionIsCorrectedByTheRecordsThatCome() {
    ask(200, FINE);
    take(LeaseDecisions.expire(window, lease));
    take(LeaseDecisions.presume(window, lease));
    assertThat(window.spent()).isEqualTo(200);

    take(LeaseDecisions.settle(window, lease, 120, "usage"));
    assertThat(window.spent()).isEqualTo(200);
    close(120, true);

    assertThat(window.spent()).isEqualTo(120);
    assertThat(window.available()).isEqualTo(880);
    assertThat(window.overage()).isZero();
  }

  @Test
  void aBoundedPartIsLentAnewWhereTheBudgetSaysSo() {
    window = WindowBalance.empty(WINDOW, Mode.AVAILABLE);
    ask(8, FINE);
    take(LeaseDecisions.expire(window, lease));

    take(LeaseDecisions.release(window, lease));

    assertThat(window.available()).isEqualTo(1000);
    assertThat(window.exposure()).isEqualTo(8);
    take(LeaseDecisions.settle(window, lease, 5, "usage"));
    close(5, true);
    assertThat(window.spent()).isEqualTo(5);
    assertThat(window.exposure()).as("what came true stays").isEqualTo(5);
  }

  @Test
  void moreThanTheBoundIsNotLentAnewAndNothingOfAStrictBudget() {
    ask(8, FINE);
    take(LeaseDecisions.expire(window, lease));
    take(LeaseDecisions.release(window, lease));
    assertThat(window.exposure()).as("strict").isZero();

    window = WindowBalance.empty(WINDOW, Mode.AVAILABLE);
    lease = LeaseBalance.opened(new UUID(0, 4), WINDOW, NODE, SPOOL);
    ask(11, FINE);
    take(LeaseDecisions.expire(window, lease));
    take(LeaseDecisions.release(window, lease));
    assertThat(window.exposure()).as("11 of 1000").isZero();
  }

  @Test
  void recordsThatWereLostAreSpentAllTheSame() {
    ask(200, FINE);

    close(150, true);

    assertThat(window.spent()).isEqualTo(150);
    assertThat(window.available()).isEqualTo(850);
  }

  @Test
  void whatWasOverdrawnIsNotTakenForLost() {
    ask(1000, FINE);
    take(LeaseDecisions.settle(window, lease, 1200, "usage"));

    close(1200, true);

    assertThat(window.spent()).isEqualTo(1200);
    assertThat(window.overage()).isEqualTo(200);
  }

  @Test
  void learnsWhatWasGrantedBeforeTheDatabaseLostIt() {
    Circumstances learning = new Circumstances(false, 1000, 1, false, true);

    take(
        LeaseDecisions.request(
            window, lease, new Request(NODE, SPOOL, 300, 0, 500, 500), learning));

    assertThat(lease.granted()).as("the lost grant and no new one").isEqualTo(300);
    assertThat(window.leased()).isEqualTo(300);
  }

  @Test
  void recallsFromThoseWhoHaveMostAndNotTwice() {
    LeaseBalance rich = granted(10, 500);
    LeaseBalance poor = granted(11, 40);

    List<LeaseBalance> asked = WindowDecisions.recalls(List.of(poor, rich), 100);

    assertThat(asked).extracting(LeaseBalance::recallTotal).containsExactly(100L, 40L);
    assertThat(asked.getFirst().leaseId()).isEqualTo(rich.leaseId());
    assertThat(WindowDecisions.recalls(asked, 100)).isEmpty();
  }

  @Test
  void whatLeavesARollingWindowPaysOffItsOverdraftFirst() {
    ask(1000, FINE);
    take(LeaseDecisions.settle(window, lease, 1200, "usage"));
    assertThat(window.overage()).isEqualTo(200);

    Alignment aged = WindowDecisions.age(window, "step", 300);

    assertThat(aged.window().overage()).isZero();
    assertThat(aged.window().available()).isEqualTo(100);
    assertThat(aged.window().spent()).isEqualTo(900);
  }

  private LeaseBalance granted(long id, long amount) {
    return LeaseBalance.opened(new UUID(1, id), WINDOW, "node-" + id, SPOOL)
        .after(Transfer.GRANT, amount);
  }

  /**
   * Whatever is said in whatever order and however often: balances add up (or the records could not
   * be made), totals only grow, a name stands for one transfer, and no more is with nodes and spent
   * than the limit and what records cost beyond it.
   */
  @Property(tries = 1000)
  void staysBalancedWhateverIsSaid(@ForAll long seed, @ForAll boolean strict) {
    Random random = new Random(seed);
    window = WindowBalance.empty(WINDOW, strict ? Mode.STRICT : Mode.AVAILABLE);
    lease = LeaseBalance.opened(new UUID(0, 3), WINDOW, NODE, SPOOL);
    Set<String> names = new HashSet<>();
    for (int step = 0; step < 60; step++) {
      booked.clear();
      LeaseBalance before = lease;
      take(any(random, step));

      booked.forEach(posting -> assertThat(names.add(posting.name())).as(posting.name()).isTrue());
      assertThat(lease.granted()).isGreaterThanOrEqualTo(before.granted());
      assertThat(lease.returned()).isGreaterThanOrEqualTo(before.returned());
      assertThat(lease.settled()).isGreaterThanOrEqualTo(before.settled());
      assertThat(lease.standing()).isGreaterThanOrEqualTo(before.standing());
      assertThat(window.leased()).isEqualTo(lease.rest() - lease.quarantined());
      assertThat(window.quarantined()).isEqualTo(lease.quarantined());
      assertThat(window.spent()).isEqualTo(lease.settled() + lease.presumed() + window.overage());
    }
  }

  private Decision any(Random random, int step) {
    Circumstances found =
        new Circumstances(false, 500 + random.nextInt(1000), 1, random.nextInt(20) == 0, false);
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> {
        long need = lease.granted() + random.nextInt(300);
        long back = random.nextLong(lease.granted() + 1);
        yield LeaseDecisions.request(
            window, lease, new Request(NODE, SPOOL, 0, back, need, need), found);
      }
      case 4, 5, 6 -> LeaseDecisions.settle(window, lease, random.nextInt(200), "r" + step);
      case 7, 8 ->
          LeaseDecisions.giveBack(window, lease, NODE, SPOOL, random.nextLong(lease.granted() + 1));
      case 9 ->
          random.nextInt(4) == 0
              ? LeaseDecisions.expire(window, lease)
              : LeaseDecisions.release(window, lease);
      case 10 -> LeaseDecisions.presume(window, lease);
      default -> LeaseDecisions.close(window, lease, NODE, SPOOL, 0, random.nextInt(10) == 0);
    };
  }

  private Verdict ask(long need, Circumstances found) {
    return take(
        LeaseDecisions.request(
            window, lease, new Request(NODE, SPOOL, lease.granted(), 0, need, need), found));
  }

  private Verdict close(long consumed, boolean allRecorded) {
    return take(LeaseDecisions.close(window, lease, NODE, SPOOL, consumed, allRecorded));
  }

  private Verdict take(Decision decision) {
    window = decision.window();
    lease = decision.lease();
    booked.addAll(decision.postings());
    return decision.verdict();
  }
}
