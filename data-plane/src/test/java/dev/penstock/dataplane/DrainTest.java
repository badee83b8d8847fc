package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.config.DrainLimits;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a provider is to be drained, a client that leaves pays what the provider reports. */
class DrainTest {

  private static final DrainLimits AMPLE = DrainLimits.DEFAULTS;
  private static final String ENDLESS = "sim-n100000-d10000-t0";

  private NodeTester node = NodeTester.draining(AMPLE);

  private void limit(DrainLimits limits) {
    node.close();
    node = NodeTester.draining(limits);
  }

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    await().untilAsserted(() -> assertThat(node.parts.drains().running()).isZero());
    node.close();
  }

  @Test
  void chargesWhatTheProviderReportsOfAStreamThatItsClientLeft() throws Exception {
    // Given
    node.model("slow", "sim-n50-d20000-t0").drained().publish();
    Socket client = node.ask("slow", true);
    await().until(() -> call().chunksSent() > 3);

    // When
    client.close();

    // Then
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(50);
    assertThat(record.getAttemptsList())
        .singleElement()
        .satisfies(attempt -> {
          assertThat(attempt.getError()).isEqualTo("cancelled");
          assertThat(attempt.getBillable()).isTrue();
        });
    assertThat(call().abortedAtMicros()).isNull();
  }

  @Test
  void readsOnWhereTheProviderWasPausedForTheClient() throws Exception {
    // Given
    node.model("big", "sim-n20000-b2000-d0-t0-g20").drained().publish(); // about 46 MB
    Socket client = node.ask("big", true);
    AtomicLong before = new AtomicLong();
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> call().bytesSent() > 0 && before.getAndSet(call().bytesSent()) == before.get());

    // When
    client.setSoLinger(true, 0);
    client.close();

    // Then
    RequestRecord record = node.onlyRecord();
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(20_000);
  }

  @Test
  void readsAStreamThatBeginsOnlyAfterItsClientHasLeft() throws Exception {
    // Given
    node.model("thinker", "sim-n5-d1000-t700000").drained().publish();
    Socket client = node.ask("thinker", true);
    await().until(() -> !node.sim.invoice().calls().isEmpty());

    // When
    client.close();

    // Then
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
    assertThat(record.getTtftDeliveredMicros()).isZero();
  }

  @Test
  void readsAWholeAnswerWhoseClientHasLeft() throws Exception {
    // Given
    node.model("thinker", "sim-n5-d1000-t700000").drained().publish();
    Socket client = node.ask("thinker", false);
    await().until(() -> !node.sim.invoice().calls().isEmpty());

    // When
    client.close();

    // Then
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getStatus()).isEqualTo(499);
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
  }

  @Test
  void cancelsWhereAsManyAreDrainedAsMayBe() throws Exception {
    // Given
    limit(new DrainLimits(1, AMPLE.time(), AMPLE.tokens()));
    node.model("slow", "sim-n100-d20000-t0").drained().publish();
    Socket first = node.ask("slow", true);
    Socket second = node.ask("slow", true);
    await()
        .until(() -> calls().size() == 2 && calls().stream().allMatch(it -> it.chunksSent() > 3));

    // When
    first.close();
    second.close();

    // Then
    await().untilAsserted(() -> assertThat(node.spool.records()).hasSize(2));
    assertThat(node.spool.records())
        .extracting(RequestRecord::getUsageSource)
        .containsExactlyInAnyOrder("estimated", "provider");
  }

  @Test
  void cancelsOneThatTakesTooLong() throws Exception {
    limit(new DrainLimits(AMPLE.atOnce(), Duration.ofMillis(200), AMPLE.tokens()));

    assertCancelledAfterAWhile();
  }

  @Test
  void cancelsOneThatSaysTooMuch() throws Exception {
    limit(new DrainLimits(AMPLE.atOnce(), AMPLE.time(), 20));

    assertCancelledAfterAWhile();
  }

  @Test
  void cancelsWhenTheNodeStops() throws Exception {
    // Given
    node.model("endless", ENDLESS).drained().publish();
    Socket client = node.ask("endless", true);
    await().until(() -> call().chunksSent() > 3);
    client.close();
    await().until(() -> node.parts.drains().running() == 1);

    // When
    node.parts.endDraining();

    // Then
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("cancelled");
    await().until(() -> call().abortedAtMicros() != null);
  }

  @Test
  void cancelsACallThatDoesNotAnswerInTime() throws Exception {
    // Given
    limit(new DrainLimits(AMPLE.atOnce(), Duration.ofMillis(200), AMPLE.tokens()));
    node.model("silent", "sim-stall").drained().publish();
    Socket client = node.ask("silent", true);
    await().until(() -> !calls().isEmpty());

    // When
    client.close();

    // Then
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getTokens().getInput()).isPositive();
    await().until(() -> call().abortedAtMicros() != null);
  }

  private void assertCancelledAfterAWhile() throws Exception {
    node.model("endless", ENDLESS).drained().publish();
    Socket client = node.ask("endless", true);
    await().until(() -> call().chunksSent() > 3);
    client.close();

    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getUsageSource()).isEqualTo("estimated");
    assertThat(record.getTokens().getOutput()).isPositive().isLessThan(100_000);
    await().until(() -> call().abortedAtMicros() != null);
  }

  private List<BilledCall> calls() {
    return node.sim.invoice().calls();
  }

  private BilledCall call() {
    await().until(() -> !calls().isEmpty());
    return calls().getFirst();
  }
}
