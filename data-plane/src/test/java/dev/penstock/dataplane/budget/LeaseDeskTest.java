package dev.penstock.dataplane.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.journal.LeaseLine;
import dev.penstock.dataplane.journal.LeaseLine.State;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.journal.SpoolKit;
import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseEnd;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.LeaseRecall;
import dev.penstock.kernel.lease.LeaseReturn;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The desk against a control plane that the test plays. */
@NullUnmarked // a null where there should be none fails the test
final class LeaseDeskTest {

  private static final BudgetRule MONTH = budget("0b6e3a52-0000-4000-8000-0000000000b1", "month");
  private static final BudgetRule DAY = budget("0b6e3a52-0000-4000-8000-0000000000b2", "day");

  @TempDir Path dir;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AtomicLong clock = new AtomicLong(1_000_000_000L);
  private final AtomicInteger woken = new AtomicInteger();
  private Spool spool;
  private LeaseDesk desk;

  @BeforeEach
  void open() throws IOException {
    spool = SpoolKit.open(dir);
    desk = newDesk();
  }

  @AfterEach
  void close() throws Exception {
    spool.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void asksNobodyWhereNoBudgetBinds() throws Exception {
    // When
    LeaseHold hold = get(hold(5));

    // Then
    assertThat(hold.leaseIds()).isEmpty();
    assertThat(desk.open()).isOne();
    desk.settle(hold, new NanoUsd(3));
    assertThat(desk.open()).isZero();
  }

  @Test
  void waitsForTheFirstGrantAndThenDoesNot() throws Exception {
    // Given
    desk.onConnected();
    Future<LeaseHold> first = hold(100, MONTH, DAY);
    assertThat(woken).hasValue(1);

    // When
    List<LeaseAsk> asks = desk.dueAsks();
    assertThat(asks).hasSize(2).allMatch(ask -> ask.needTotal() == 100 && ask.wantTotal() > 100);
    asks.forEach(ask -> desk.onGrant(active(ask.leaseId(), 1000)));

    // Then
    LeaseHold held = get(first);
    assertThat(held.leaseIds()).hasSize(2);
    Future<LeaseHold> second = hold(900, MONTH, DAY);
    assertThat(second.isComplete()).isTrue();
    desk.settle(held, new NanoUsd(10));
    desk.settle(get(second), new NanoUsd(20));
    assertThat(desk.open()).isZero();
  }

  @Test
  void letsOnlyBudgetsOfTheModelPayThatServed() throws Exception {
    // Given
    BudgetRule ofLarge = ofModel("0b6e3a52-0000-4000-8000-0000000000b0", "large");
    BudgetRule ofSmall = ofModel("0b6e3a52-0000-4000-8000-0000000000b9", "small");
    grant(ofSmall, 1000);
    grant(MONTH, 1000);
    grant(ofLarge, 1000);
    LeaseHold held = get(hold(100, ofSmall, MONTH, ofLarge));
    ExchangeHold hold =
        new ExchangeHold(
            held, new NanoUsd(100), List.of(ofSmall, MONTH, ofLarge), Optional.empty());

    // When
    List<String> paying = hold.paidBy(ASKER, "large", "p");
    desk.settle(held, new NanoUsd(100), paying);

    // Then
    assertThat(paying).containsExactlyElementsOf(held.leaseIds().subList(0, 2));
    assertThat(get(hold(1000, ofSmall)).amount()).isEqualTo(new NanoUsd(1000));
    assertThat(get(hold(900, ofLarge, MONTH)).leaseIds()).isEqualTo(paying);
  }

  @Test
  void extendsAHoldOnceThereIsMoney() throws Exception {
    // Given
    grant(MONTH, 100);
    LeaseHold held = get(hold(60, MONTH));

    // When
    Future<LeaseHold> more = extend(held, 70);
    assertThat(more.isComplete()).isFalse();
    desk.dueAsks().stream()
        .filter(ask -> ask.needTotal() == 130)
        .forEach(ask -> desk.onGrant(active(ask.leaseId(), 130)));

    // Then
    assertThat(get(more).amount()).isEqualTo(new NanoUsd(130));
    assertThat(desk.open()).isOne();
    desk.settle(held, new NanoUsd(130));
    assertThat(desk.open()).isZero();
  }

  @Test
  void saysThatThereIsNoMoreForAHold() throws Exception {
    // Given
    grant(MONTH, 100);
    LeaseHold held = get(hold(60, MONTH));

    // When
    Future<LeaseHold> more = extend(held, 70);
    desk.dueAsks().forEach(ask -> desk.onGrant(exhausted(ask.leaseId(), 100, 5)));

    // Then
    assertThat(failure(more, BudgetExhausted.class).available()).isEqualTo(new NanoUsd(45));
    assertThat(held.amount()).isEqualTo(new NanoUsd(60));
    desk.settle(held, new NanoUsd(60));
    assertThat(get(hold(40, MONTH)).amount()).isEqualTo(new NanoUsd(40));
  }

  @Test
  void extendsNoHoldThatHasEnded() throws Exception {
    // Given
    grant(MONTH, 100);
    LeaseHold held = get(hold(60, MONTH));
    Future<LeaseHold> more = extend(held, 70);

    // When
    desk.settle(held, new NanoUsd(60));

    // Then
    failure(more, HoldEnded.class);
    failure(extend(held, 1), HoldEnded.class);
    assertThat(get(hold(40, MONTH)).amount()).as("nothing else is held").isNotNull();
  }

  private Future<LeaseHold> extend(LeaseHold held, long amount) {
    return onContext(() -> desk.extend(held, List.of(MONTH), new NanoUsd(amount), context));
  }

  private static final KeyRule KEY =
      new KeyRule("k", new byte[32], 1, "acme", "app", Set.of(), Map.of(), 0, false);

  private static final Asker ASKER = new Asker(KEY, "", Map.of());

  private static BudgetRule ofModel(String id, String model) {
    return new BudgetRule(id, "acme", model, BudgetScope.of(Optional.empty(), Optional.of(model)));
  }

  @Test
  void settlesAHoldOnce() throws Exception {
    // Given
    LeaseHold hold = get(hold(5));
    desk.settle(hold, NanoUsd.ZERO);

    // When, Then
    assertThatThrownBy(() -> desk.settle(hold, NanoUsd.ZERO))
        .isInstanceOf(IllegalStateException.class);
    assertThat(desk.open()).isZero();
  }

  @Test
  void passesOnANo() {
    // Given
    desk.onConnected();
    Future<LeaseHold> waiting = hold(100, MONTH);
    LeaseAsk ask = desk.dueAsks().getFirst();

    // When
    desk.onGrant(exhausted(ask.leaseId(), 0, 60));

    // Then
    BudgetExhausted no = failure(waiting, BudgetExhausted.class);
    assertThat(no.budget()).isEqualTo(MONTH);
    assertThat(no.available()).isEqualTo(new NanoUsd(60));
    assertThat(no.limit()).isEqualTo(new NanoUsd(5000));
    assertThat(no.resetsInMillis()).isEqualTo(60_000);
    assertThat(desk.open()).isZero();

    // And: the next one hears it without a question, a smaller one asks
    assertThat(failure(hold(100, MONTH), BudgetExhausted.class)).isNotNull();
    assertThat(desk.dueAsks()).isEmpty();
    Future<LeaseHold> smaller = hold(50, MONTH);
    clock.addAndGet(Duration.ofMillis(60).toNanos());
    assertThat(desk.dueAsks()).hasSize(1);
    desk.onGrant(active(ask.leaseId(), 50));
    assertThat(get(smaller)).isNotNull();
  }

  @Test
  void asksAgainSoonAfterANoSoThatARaisedBudgetCounts() throws Exception {
    // Given
    desk.onConnected();
    Future<LeaseHold> refused = hold(100, MONTH);
    LeaseAsk ask = desk.dueAsks().getFirst();
    desk.onGrant(exhausted(ask.leaseId(), 0, 0));
    failure(refused, BudgetExhausted.class);

    // When
    clock.addAndGet(Duration.ofMillis(300).toNanos());
    Future<LeaseHold> again = hold(100, MONTH);

    // Then
    assertThat(desk.dueAsks()).extracting(LeaseAsk::needTotal).containsExactly(100L);
    desk.onGrant(active(ask.leaseId(), 100));
    assertThat(get(again).amount()).isEqualTo(new NanoUsd(100));
  }

  @Test
  void saysUnavailableWhenNobodyAnswers() {
    // Given
    desk.onConnected();

    // When
    Future<LeaseHold> waiting = hold(100, MONTH);

    // Then
    assertThat(failure(waiting, BudgetUnavailable.class).budget()).isEqualTo(MONTH);
    assertThat(desk.open()).isZero();
  }

  @Test
  void waitsForAControlPlaneThatIsSlowToAnswer() throws Exception {
    // Given
    grant(MONTH, 1000);

    // When
    Future<LeaseHold> waiting = hold(1500, MONTH);

    // Then: longer than for what others have to give back
    await().during(Duration.ofMillis(300)).until(() -> !waiting.isComplete());
    desk.onGrant(active(desk.dueAsks().getFirst().leaseId(), 2000));
    assertThat(get(waiting).amount()).isEqualTo(new NanoUsd(1500));
  }

  @Test
  void keepsPlacesForOtherBudgetsWhereOneIsSlowToAnswer() throws Exception {
    // Given
    grant(DAY, 1000);
    List<Future<LeaseHold>> waiting = new ArrayList<>();

    // When: one more than there is room for
    Future<LeaseHold> another =
        onContext(() -> {
          for (int i = 0; i <= HoldWaiters.MOST_OF_A_BUDGET; i++) {
            waiting.add(desk.hold(List.of(MONTH), new NanoUsd(1)));
          }
          return desk.hold(List.of(DAY), new NanoUsd(1500));
        });

    // Then
    assertThat(waiting.stream().filter(Future::failed)).containsExactly(waiting.getLast());
    failure(waiting.getLast(), BudgetUnavailable.class);
    desk.dueAsks().stream()
        .filter(ask -> ask.budgetId().equals(DAY.budgetId()))
        .forEach(ask -> desk.onGrant(active(ask.leaseId(), 2000)));
    assertThat(get(another).amount()).isEqualTo(new NanoUsd(1500));
  }

  @Test
  void saysUnavailableAtOnceWithoutASession() {
    // Given
    desk.onConnected();
    Future<LeaseHold> waiting = hold(100, MONTH);

    // When
    desk.onDisconnected();

    // Then
    failure(waiting, BudgetUnavailable.class);
    Future<LeaseHold> late = hold(100, MONTH);
    assertThat(late.isComplete()).isTrue();
    assertThat(failure(late, BudgetUnavailable.class).budget()).isEqualTo(MONTH);
  }

  @Test
  void waitsForTheFirstSessionEvenWithALeaseOfThePredecessor() throws Exception {
    // Given
    grant(MONTH, 1000);
    spool.close();
    spool = SpoolKit.open(dir);
    desk = newDesk();

    // When
    Future<LeaseHold> waiting = hold(1500, MONTH);

    // Then: longer than where somebody could have answered
    await().during(Duration.ofMillis(300)).until(() -> !waiting.isComplete());
    desk.onConnected();
    LeaseAsk ask = desk.dueAsks().getFirst();
    desk.onGrant(active(ask.leaseId(), 2000));
    assertThat(get(waiting).amount()).isEqualTo(new NanoUsd(1500));
  }

  @Test
  void tellsWhoWaitsThatTheFirstSessionFailed() {
    // Given
    Future<LeaseHold> waiting = hold(100, MONTH);

    // When
    desk.onDisconnected();

    // Then
    assertThat(failure(waiting, BudgetUnavailable.class).budget()).isEqualTo(MONTH);
  }

  @Test
  void spendsWhatItHoldsWithoutASession() throws Exception {
    // Given
    grant(MONTH, 1000);

    // When
    desk.onDisconnected();

    // Then
    assertThat(get(hold(900, MONTH)).amount()).isEqualTo(new NanoUsd(900));
  }

  @Test
  void asksOneQuestionAtATimeAndRepeatsALostOne() {
    // Given
    desk.onConnected();
    hold(200, MONTH);
    hold(100, MONTH);

    // When, Then
    assertThat(desk.dueAsks()).extracting(LeaseAsk::needTotal).containsExactly(100L);
    assertThat(desk.dueAsks()).isEmpty();
    clock.addAndGet(Duration.ofMillis(1001).toNanos());
    assertThat(desk.dueAsks()).extracting(LeaseAsk::needTotal).containsExactly(100L);
    desk.onDisconnected();
    desk.onConnected();
    assertThat(desk.dueAsks()).extracting(LeaseAsk::needTotal).containsExactly(100L);
  }

  @Test
  void asksForMoreBeforeItRunsOutAtMostTenTimesASecond() throws Exception {
    // Given
    grant(MONTH, 100_000);
    get(hold(100_000 - 10_000, MONTH));

    // When
    int questions = 0;
    String leaseId = spool.leases().getFirst().leaseId();
    for (int millis = 0; millis < 1000; millis++) {
      get(hold(1, MONTH));
      clock.addAndGet(1_000_000);
      for (LeaseAsk ask : desk.dueAsks()) {
        questions++;
        assertThat(ask.needTotal()).isZero();
        desk.onGrant(active(leaseId, 100_000));
      }
    }

    // Then
    assertThat(questions).isBetween(5, 11);
  }

  @Test
  void servesAWaiterFromWhatASettlementGivesBack() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold first = get(hold(1000, MONTH));
    Future<LeaseHold> second = hold(800, MONTH);

    // When
    desk.settle(first, new NanoUsd(100));

    // Then
    assertThat(get(second).amount()).isEqualTo(new NanoUsd(800));
  }

  @Test
  void opensASuccessorWhenTheWindowEndsAndClosesTheOldOneWhenItIsDrained() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold running = get(hold(100, MONTH));
    String old = running.leaseIds().getFirst();

    // When
    clock.addAndGet(Duration.ofMinutes(2).toNanos());
    List<LeaseAsk> asks = desk.dueAsks();

    // Then
    assertThat(asks).hasSize(1).noneMatch(ask -> ask.leaseId().equals(old));
    assertThat(desk.dueCloses()).isEmpty();
    desk.settle(running, new NanoUsd(40));
    assertThat(desk.dueCloses()).containsExactly(new LeaseEnd(old, spool.lastSeq(), 40));
    assertThat(desk.dueCloses()).isEmpty();
    desk.onDisconnected();
    desk.onConnected();
    assertThat(desk.dueCloses()).extracting(LeaseEnd::leaseId).containsExactly(old);
    desk.onClosed(old);
    assertThat(desk.dueCloses()).isEmpty();
    assertThat(spool.leases()).extracting(LeaseLine::leaseId).doesNotContain(old);
  }

  @Test
  void closesNoLeaseThatASpooledExchangeStillHolds() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold running = get(hold(100, MONTH));
    String old = running.leaseIds().getFirst();
    spool.tryHold(SpoolKit.hold("r1", old));
    desk.settle(running, NanoUsd.ZERO);
    desk.onGrant(new LeaseGrant(old, 1000, 0, 0, LeaseGrant.State.CLOSED, 0, 0, 0, 0));

    // When, Then
    assertThat(desk.dueCloses()).isEmpty();
    long seq = spool.settle(SpoolKit.record("r1", 7, List.of(old)));
    assertThat(desk.dueCloses()).containsExactly(new LeaseEnd(old, seq, 0));
  }

  @Test
  void goesOnWithItsPredecessorsMoney() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold hold = get(hold(300, MONTH));
    spool.tryHold(SpoolKit.hold("r1", hold.leaseIds().getFirst()));
    spool.settle(SpoolKit.record("r1", 250, hold.leaseIds()));
    desk.settle(hold, new NanoUsd(250));

    // When
    spool.close();
    spool = SpoolKit.open(dir);
    desk = newDesk();
    desk.onDisconnected();

    // Then
    assertThat(failure(hold(751, MONTH), BudgetUnavailable.class)).isNotNull();
    assertThat(get(hold(750, MONTH)).leaseIds()).isEqualTo(hold.leaseIds());

    // And: a session hears of the lease although nothing is wanted of it
    desk.onConnected();
    assertThat(desk.dueAsks()).extracting(LeaseAsk::consumedTotal).containsExactly(250L);
  }

  @Test
  void leavesItsPredecessorsLeaseOfAWindowThatIsOver() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold hold = get(hold(100, MONTH));
    String old = hold.leaseIds().getFirst();
    desk.settle(hold, NanoUsd.ZERO);
    spool.close();
    spool = SpoolKit.open(dir);
    desk = newDesk();
    desk.onConnected();
    assertThat(desk.dueAsks()).extracting(LeaseAsk::leaseId).containsExactly(old);

    // When
    desk.onGrant(new LeaseGrant(old, 1000, 0, 0, LeaseGrant.State.ACTIVE, 1, 0, 4000, 5000));
    clock.addAndGet(Duration.ofMillis(1).toNanos());

    // Then
    assertThat(desk.dueAsks())
        .hasSize(1)
        .allMatch(ask -> ask.budgetId().equals(MONTH.budgetId()) && !ask.leaseId().equals(old));
    assertThat(desk.dueCloses()).extracting(LeaseEnd::leaseId).containsExactly(old);
  }

  @Test
  void writesAGrantDownBeforeItIsSpent() throws Exception {
    // Given
    desk.onConnected();
    Future<LeaseHold> waiting = hold(100, MONTH);
    LeaseAsk ask = desk.dueAsks().getFirst();
    assertThat(spool.leases())
        .containsExactly(new LeaseLine(ask.leaseId(), MONTH.budgetId(), 0, 0, 0, State.PENDING));

    // When
    desk.onGrant(active(ask.leaseId(), 100));
    get(waiting);

    // Then
    assertThat(spool.leases())
        .containsExactly(new LeaseLine(ask.leaseId(), MONTH.budgetId(), 100, 0, 0, State.ACTIVE));
  }

  @Test
  void givesBackWhatIsFreeOfARecallAndTheRestAsItBecomesFree() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold running = get(hold(700, MONTH));
    String leaseId = running.leaseIds().getFirst();

    // When
    desk.onRecall(new LeaseRecall(leaseId, 500, 0));

    // Then: written down before it is said, and said again until it is noted
    assertThat(desk.dueReturns()).containsExactly(new LeaseReturn(leaseId, 300));
    assertThat(spool.leases())
        .containsExactly(new LeaseLine(leaseId, MONTH.budgetId(), 1000, 300, 0, State.ACTIVE));
    assertThat(desk.dueReturns()).isEmpty();
    desk.settle(running, new NanoUsd(10));
    assertThat(desk.dueReturns()).containsExactly(new LeaseReturn(leaseId, 500));
    clock.addAndGet(Duration.ofMillis(1001).toNanos());
    assertThat(desk.dueReturns()).containsExactly(new LeaseReturn(leaseId, 500));
    desk.onRecall(new LeaseRecall(leaseId, 500, 500));
    clock.addAndGet(Duration.ofMillis(1001).toNanos());
    assertThat(desk.dueReturns()).isEmpty();
    assertThat(get(hold(490, MONTH))).isNotNull();
    assertThat(hold(1, MONTH).isComplete()).isFalse();
  }

  @Test
  void aSuccessorDoesNotSpendWhatItsPredecessorGaveBack() throws Exception {
    // Given
    grant(MONTH, 1000);
    String leaseId = spool.leases().getFirst().leaseId();
    desk.onRecall(new LeaseRecall(leaseId, 600, 0));
    desk.dueReturns();

    // When
    spool.close();
    spool = SpoolKit.open(dir);
    desk = newDesk();
    desk.onDisconnected();

    // Then
    failure(hold(401, MONTH), BudgetUnavailable.class);
    assertThat(get(hold(400, MONTH)).leaseIds()).containsExactly(leaseId);
  }

  @Test
  void waitsForWhatOthersGiveBackAndIsExhaustedWithoutIt() throws Exception {
    // Given
    desk.onConnected();
    Future<LeaseHold> waiting = hold(100, MONTH);
    LeaseAsk ask = desk.dueAsks().getFirst();

    // When
    desk.onGrant(recalling(ask.leaseId()));

    // Then
    assertThat(waiting.isComplete()).isFalse();
    clock.addAndGet(Duration.ofMillis(60).toNanos());
    assertThat(desk.dueAsks()).extracting(LeaseAsk::needTotal).containsExactly(100L);
    desk.onGrant(active(ask.leaseId(), 100));
    LeaseHold held = get(waiting);

    // And: the next one's does not come
    Future<LeaseHold> second = hold(50, MONTH);
    clock.addAndGet(Duration.ofMillis(60).toNanos());
    desk.dueAsks();
    desk.onGrant(recalling(ask.leaseId()));
    assertThat(failure(second, BudgetExhausted.class).limit()).isEqualTo(new NanoUsd(5000));
    desk.settle(held, NanoUsd.ZERO);
  }

  @Test
  void leavesAQuarantinedLeaseAndOpensAnother() throws Exception {
    // Given
    grant(MONTH, 1000);
    LeaseHold running = get(hold(100, MONTH));
    String old = running.leaseIds().getFirst();

    // When
    desk.onGrant(new LeaseGrant(old, 1000, 0, 0, LeaseGrant.State.QUARANTINED, 0, 0, 0, 0));

    // Then
    Future<LeaseHold> next = hold(10, MONTH);
    assertThat(desk.dueAsks()).singleElement().matches(ask -> !ask.leaseId().equals(old));
    assertThat(desk.dueCloses()).isEmpty();
    desk.settle(running, new NanoUsd(40));
    assertThat(desk.dueCloses()).containsExactly(new LeaseEnd(old, spool.lastSeq(), 40));
    assertThat(next.isComplete()).isFalse();
  }

  private static LeaseGrant recalling(String leaseId) {
    return new LeaseGrant(leaseId, 0, 0, 0, LeaseGrant.State.RECALLING, 60_000, 50, 0, 5000);
  }

  private LeaseDesk newDesk() {
    LeaseDesk fresh = new LeaseDesk(spool, clock::get);
    fresh.onWaiting(woken::incrementAndGet);
    return fresh;
  }

  private void grant(BudgetRule budget, long total) throws Exception {
    desk.onConnected();
    Future<LeaseHold> first = hold(1, budget);
    desk.dueAsks().forEach(ask -> desk.onGrant(active(ask.leaseId(), total)));
    desk.settle(get(first), NanoUsd.ZERO);
  }

  private Future<LeaseHold> hold(long amount, BudgetRule... budgets) {
    return onContext(() -> desk.hold(List.of(budgets), new NanoUsd(amount)));
  }

  private Future<LeaseHold> onContext(Supplier<Future<LeaseHold>> asking) {
    Promise<LeaseHold> result = Promise.promise();
    List<String> threads = new ArrayList<>();
    Promise<Void> asked = Promise.promise();
    context.runOnContext(nothing -> {
      asking
          .get()
          .onComplete((held, failure) -> {
            threads.add(Thread.currentThread().getName());
            if (failure == null) {
              result.complete(held);
            } else {
              result.fail(failure);
            }
          });
      asked.complete();
    });
    await().pollInterval(Duration.ofMillis(1)).until(() -> asked.future().isComplete());
    return result
        .future()
        .andThen(
            (held, failure) -> assertThat(threads).allMatch(name -> name.contains("eventloop")));
  }

  private static LeaseHold get(Future<LeaseHold> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static <T extends Throwable> T failure(Future<LeaseHold> future, Class<T> type) {
    try {
      LeaseHold held = future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
      throw new AssertionError("held " + held.amount());
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(type);
      return type.cast(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static LeaseGrant active(String leaseId, long total) {
    return new LeaseGrant(leaseId, total, 0, 0, LeaseGrant.State.ACTIVE, 60_000, 0, 4000, 5000);
  }

  private static LeaseGrant exhausted(String leaseId, long total, long available) {
    return new LeaseGrant(
        leaseId, total, 0, 0, LeaseGrant.State.EXHAUSTED, 60_000, 60_000, available, 5000);
  }

  private static BudgetRule budget(String id, String name) {
    return new BudgetRule(id, "acme", name, BudgetScope.ALL);
  }
}
