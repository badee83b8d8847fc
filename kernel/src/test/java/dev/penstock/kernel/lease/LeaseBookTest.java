package dev.penstock.kernel.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.lease.LeaseBook.Ask;
import dev.penstock.kernel.lease.LeaseBook.Outcome.Held;
import dev.penstock.kernel.lease.LeaseBook.Outcome.Short;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LeaseBookTest {

  private int ids;
  private final LeaseBook book = new LeaseBook(() -> "lease-" + ++ids);

  @Test
  void holdsNothingBeforeAGrant() {
    assertThat(book.hold(List.of("b"), 10)).isEqualTo(new Short("b", "lease-1", 10));
    assertThat(book.pendingAsks())
        .singleElement()
        .satisfies(ask -> assertThat(ask.needTotal()).isEqualTo(10));
  }

  @Test
  void holdsOnAllBudgetsOrOnNone() {
    grant("a", 100);
    grant("b", 5);

    assertThat(book.hold(List.of("a", "b"), 10)).isInstanceOf(Short.class);

    assertThat(book.leases()).allSatisfy(lease -> assertThat(lease.reserved()).isZero());
  }

  @Test
  void needsNoMoneyWhereNoBudgetBinds() {
    assertThat(book.hold(List.of(), 1_000)).isInstanceOf(Held.class);
  }

  @Test
  void givesTheRestBackAndChargesWhatWasUsed() {
    grant("b", 100);
    Hold hold = held(60);

    book.settle(hold, 20);

    assertThat(book.lease("lease-1").orElseThrow().free()).isEqualTo(80);
  }

  @Test
  void wantsToHaveAMinutesSpendingFree() {
    // Given: a hundred a second, by holds of one
    grant("b", 7_500);
    book.onTime(0);
    for (int second = 1; second <= 60; second++) {
      for (int i = 0; i < 100; i++) {
        book.settle(held(1), 1);
      }
      book.onTime(TimeUnit.SECONDS.toNanos(second));
    }

    // When
    held(1);

    // Then
    Lease lease = book.lease("lease-1").orElseThrow();
    assertThat(book.pendingAsks())
        .singleElement()
        .satisfies(ask ->
            assertThat(ask.wantTotal() - lease.consumed() - lease.reserved())
                .isBetween(5_900L, 6_100L));
  }

  @Test
  void forgetsWhatItSpentWhenItSpendsNoMore() {
    grant("b", 10_000);
    book.onTime(0);
    for (int i = 0; i < 100; i++) {
      book.settle(held(10), 10);
    }
    book.onTime(TimeUnit.SECONDS.toNanos(5)); // 12,000 a minute
    for (int minute = 1; minute <= 20; minute++) {
      book.onTime(TimeUnit.MINUTES.toNanos(minute));
    }

    book.settle(held(1), 0);

    assertThat(book.pendingAsks()).isEmpty();
  }

  @Test
  void givesEverythingBackToALeaseThatDoesNotPay() {
    grant("b", 100);
    grant("c", 100);
    Hold hold = ((Held) book.hold(List.of("b", "c"), 60)).hold();

    book.settle(hold, 20, List.of(hold.leaseIds().getLast()));

    assertThat(book.lease(hold.leaseIds().getFirst()).orElseThrow().free()).isEqualTo(100);
    assertThat(book.lease(hold.leaseIds().getLast()).orElseThrow().free()).isEqualTo(80);
  }

  @Test
  void isOverdrawnByACostAboveItsHold() {
    grant("b", 100);

    book.settle(held(60), 150);

    assertThat(book.lease("lease-1").orElseThrow().free()).isEqualTo(-50);
    assertThat(book.hold(List.of("b"), 1)).isInstanceOf(Short.class);
  }

  @Test
  void anOldOrRepeatedGrantChangesNothing() {
    grant("b", 100);

    book.onGranted("lease-1", 40);
    book.onGranted("lease-1", 100);

    assertThat(book.lease("lease-1").orElseThrow().granted()).isEqualTo(100);
  }

  @Test
  void asksForTheSmallestNeedThatWaits() {
    book.hold(List.of("b"), 500);
    book.hold(List.of("b"), 20);

    assertThat(book.pendingAsks())
        .singleElement()
        .satisfies(ask -> assertThat(ask.needTotal()).isEqualTo(20));
  }

  @Test
  void wantsAsMuchFreeAsItHolds() {
    grant("b", 1_000_000);
    for (int i = 0; i < 300; i++) {
      held(1_000);
    }

    book.hold(List.of("b"), 999_999);

    assertThat(book.pendingAsks())
        .singleElement()
        .satisfies(ask -> assertThat(ask.wantTotal()).isGreaterThanOrEqualTo(600_000));
  }

  @Test
  void wantsNoMoreForARequestThatWasRefused() {
    grant("b", 100);
    assertThat(book.hold(List.of("b"), Long.MAX_VALUE)).isInstanceOf(Short.class);
    book.dropAsk("lease-1");

    held(60);

    assertThat(book.pendingAsks())
        .singleElement()
        .satisfies(ask -> assertThat(ask.wantTotal()).isEqualTo(60 + 64 * 60));
  }

  @Test
  void forgetsALargeHoldThatIsNotRepeated() {
    grant("b", 1_000_000);
    book.settle(held(900_000), 0);

    for (int i = 0; i < 1_000; i++) {
      book.settle(held(10), 0);
    }
    book.dropAsk("lease-1");
    book.settle(held(10), 999_900);
    held(10);

    assertThat(book.pendingAsks())
        .singleElement()
        .satisfies(ask -> assertThat(ask.wantTotal()).isLessThan(999_910 + 64 * 64));
  }

  @Test
  void isNotDrainedWhileARequestThatCostsNothingIsUnderWay() {
    grant("b", 100);
    Hold free = held(0);

    book.onClosed("lease-1");

    assertThat(book.drained()).isEmpty();
    book.settle(free, 0);
    assertThat(book.drained()).hasSize(1);
  }

  @Test
  void movesToASuccessorWhenItsWindowEnds() {
    grant("b", 100);
    Hold running = held(60);

    book.onEnded("lease-1");

    assertThat(book.hold(List.of("b"), 1)).isEqualTo(new Short("b", "lease-2", 1));
    assertThat(book.drained()).isEmpty();
    book.settle(running, 50);
    assertThat(book.drained()).extracting(Lease::leaseId).containsExactly("lease-1");
    book.onClosed("lease-1");
    assertThat(book.lease("lease-1")).isEmpty();
  }

  @Test
  void extendsOnAllLeasesOrOnNone() {
    grant("a", 100);
    grant("b", 100);
    Hold hold = ((Held) book.hold(List.of("a", "b"), 60)).hold();
    held(30); // on b alone

    assertThat(book.extend(hold, 20)).isEqualTo(new Short("b", "lease-2", 10));
    assertThat(book.lease("lease-1").orElseThrow().reserved()).isEqualTo(60);
    assertThat(book.pendingAsks())
        .filteredOn(ask -> ask.needTotal() > 0)
        .singleElement()
        .satisfies(ask -> assertThat(ask.needTotal()).isEqualTo(110));

    book.onGranted("lease-2", 110);
    Hold extended = ((Held) book.extend(hold, 20)).hold();
    assertThat(extended).isEqualTo(new Hold(hold.leaseIds(), 80));
    book.settle(extended, 70);
    assertThat(book.lease("lease-1").orElseThrow().free()).isEqualTo(30);
    assertThat(book.lease("lease-2").orElseThrow().free()).isEqualTo(10);
  }

  @Test
  void extendsFromTheRestOfALeaseWhoseWindowIsOver() {
    grant("b", 100);
    Hold running = held(60);

    book.onEnded("lease-1");

    Hold extended = ((Held) book.extend(running, 40)).hold();
    assertThat(book.extend(extended, 1)).isInstanceOf(Short.class);
    assertThat(book.pendingAsks()).as("nobody grants to it any more").isEmpty();
    book.settle(extended, 100);
    assertThat(book.drained()).hasSize(1);
  }

  @Test
  void extendsNothingOnALeaseThatWasTakenAway() {
    grant("b", 100);
    Hold running = held(60);

    book.onRevoked("lease-1");

    assertThat(book.extend(running, 1)).isInstanceOf(Short.class);
    book.settle(running, 60);
    assertThat(book.drained()).hasSize(1);
  }

  @Test
  void extendsFromWhatWasRecalledNoMore() {
    grant("b", 100);
    Hold running = held(60);
    book.onRecalled("lease-1", 100);

    book.recalled().forEach(lease -> book.giveBack(lease.leaseId(), lease.returned()));

    assertThat(book.extend(running, 1)).isInstanceOf(Short.class);
  }

  @Test
  void goesOnWithThePredecessorsLeases() {
    book.restore(new Lease("old", "b", 100, 0, 30, 0, Lease.State.ACTIVE));

    assertThat(book.hold(List.of("b"), 70)).isInstanceOf(Held.class);
    assertThat(book.hold(List.of("b"), 1)).isInstanceOf(Short.class);
  }

  /**
   * Several nodes, one window, messages in any order and number: nobody spends what was not
   * granted, no more is granted than there is, and who needs what is left gets it.
   */
  @Property(tries = 500)
  void neverSpendsMoreThanThereIs(@ForAll long seed) {
    Random random = new Random(seed);
    long limit = 1 + random.nextInt(5_000);
    Fleet fleet = new Fleet(1 + random.nextInt(4), limit);
    for (int step = 0; step < 300; step++) {
      fleet.step(random);
      fleet.check();
    }
    fleet.quiesce();
    fleet.check();
    fleet.noFalseRefusal();
  }

  private void grant(String budget, long total) {
    book.hold(List.of(budget), total + 1);
    book.pendingAsks().stream()
        .filter(ask -> ask.budgetId().equals(budget))
        .toList()
        .forEach(ask -> book.onGranted(ask.leaseId(), total));
    book.pendingAsks().forEach(ask -> book.dropAsk(ask.leaseId()));
  }

  private Hold held(long amount) {
    return ((Held) book.hold(List.of("b"), amount)).hold();
  }

  /** A toy control plane with the real rule, and nodes with real books, over a bad network. */
  private static final class Fleet {
    private record Grant(int node, String leaseId, long total) {}

    private final long limit;
    private final List<LeaseBook> nodes = new ArrayList<>();
    private final List<List<Hold>> open = new ArrayList<>();
    private final Map<String, Long> granted = new HashMap<>();
    private final List<Grant> network = new ArrayList<>();
    private long available;
    private long spent;

    Fleet(int size, long limit) {
      this.limit = limit;
      available = limit;
      for (int i = 0; i < size; i++) {
        int node = i;
        int[] next = {0};
        nodes.add(new LeaseBook(() -> node + "/" + next[0]++));
        open.add(new ArrayList<>());
      }
    }

    void step(Random random) {
      int node = random.nextInt(nodes.size());
      switch (random.nextInt(5)) {
        case 0 -> {
          if (nodes.get(node).hold(List.of("b"), 1 + random.nextInt(200))
              instanceof Held(Hold hold)) {
            open.get(node).add(hold);
          }
        }
        case 1 -> {
          if (!open.get(node).isEmpty()) {
            Hold hold = open.get(node).removeLast();
            long cost = random.nextLong(hold.amount() + 1);
            spent += cost;
            nodes.get(node).settle(hold, cost);
          }
        }
        case 2 -> ask(node, nodes.size());
        case 3 -> {
          if (!open.get(node).isEmpty()
              && nodes.get(node).extend(open.get(node).getLast(), 1 + random.nextInt(200))
                  instanceof Held(Hold extended)) {
            open.get(node).removeLast();
            open.get(node).add(extended);
          }
        }
        default -> deliver(random);
      }
    }

    private void ask(int node, int activeNodes) {
      for (Ask ask : nodes.get(node).pendingAsks()) {
        long have = granted.getOrDefault(ask.leaseId(), 0L);
        long add =
            GrantRule.add(have, ask.wantTotal(), ask.needTotal(), available, limit, activeNodes);
        available -= add;
        granted.put(ask.leaseId(), have + add);
        network.add(new Grant(node, ask.leaseId(), have + add));
        if (have + add < ask.needTotal()) {
          nodes.get(node).dropAsk(ask.leaseId()); // the answer was no
        }
      }
    }

    /** Any message at any time: some are lost, some come twice, none in order. */
    private void deliver(Random random) {
      if (network.isEmpty()) {
        return;
      }
      int index = random.nextInt(network.size());
      Grant grant = network.get(index);
      if (random.nextInt(5) > 0) {
        nodes.get(grant.node()).onGranted(grant.leaseId(), grant.total());
      }
      if (random.nextInt(3) > 0) {
        network.remove(index);
      }
    }

    void check() {
      long grantedSum = granted.values().stream().mapToLong(Long::longValue).sum();
      assertThat(grantedSum + available).isEqualTo(limit);
      assertThat(available).isNotNegative();
      assertThat(spent).isLessThanOrEqualTo(limit);
      for (LeaseBook node : nodes) {
        for (Lease lease : node.leases()) {
          assertThat(lease.granted())
              .isLessThanOrEqualTo(granted.getOrDefault(lease.leaseId(), 0L));
          assertThat(lease.consumed() + lease.reserved()).isLessThanOrEqualTo(lease.granted());
        }
      }
    }

    void quiesce() {
      for (int node = 0; node < nodes.size(); node++) {
        for (Hold hold : open.get(node)) {
          nodes.get(node).settle(hold, 0);
        }
        open.get(node).clear();
        ask(node, nodes.size());
      }
      network.forEach(grant -> nodes.get(grant.node()).onGranted(grant.leaseId(), grant.total()));
      network.clear();
    }

    /** What one node has free and what is available is enough: it gets that with two questions. */
    void noFalseRefusal() {
      LeaseBook node = nodes.getFirst();
      long free = node.leases().stream().mapToLong(Lease::free).sum();
      long amount = available + free;
      for (int question = 0; question < 2; question++) {
        if (node.hold(List.of("b"), amount) instanceof Held(Hold hold)) {
          node.settle(hold, 0);
        }
        ask(0, nodes.size());
        network.forEach(grant -> node.onGranted(grant.leaseId(), grant.total()));
      }
      assertThat(node.hold(List.of("b"), amount)).isInstanceOf(Held.class);
    }
  }
}
