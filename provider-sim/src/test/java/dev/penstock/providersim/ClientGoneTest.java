package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientGoneTest {
  private static final String BIG = "sim-n100000-b2000-d0-t0-g50";
  private static final Duration PROMPT = Duration.ofMillis(200);

  private ProviderSim sim;

  @BeforeEach
  void start() {
    sim = ProviderSim.start(SimSettings.onAnyPort(RawClient.KEY));
  }

  @AfterEach
  void stop() {
    sim.close();
  }

  @Test
  void billsACancelledStreamForWhatWasSent() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // Given
      client.ask(RawClient.stream("sim-n1000-d20000-t0"));
      client.until("data: {");
      client.until("data: {");

      // When
      Instant left = Instant.now();
      client.close();

      // Then
      BilledCall call = aborted(left);
      assertThat(call.chunksSent()).isBetween(1L, 50L);
      assertThat(call.usage()).isEqualTo(new Usage(2, 0, call.chunksSent()));
      assertThat(call.billedNanoUsd()).isEqualTo(2 * 2_500 + call.chunksSent() * 10_000);
    }
  }

  @Test
  void seesAResetInMidStream() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      client.ask(RawClient.stream("sim-n1000-d5000-t0"));
      client.until("data: {");

      Instant left = Instant.now();
      client.slamShut();

      aborted(left);
    }
  }

  @Test
  void seesAClientLeaveThatHasNotReadForLong() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      client.ask(RawClient.stream(BIG));
      awaitStandstill();

      Instant left = Instant.now();
      client.slamShut();

      aborted(left);
    }
  }

  @Test
  void seesAClientGiveUpOnASilentProvider() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // Given
      client.ask(RawClient.stream("sim-stall-after-3"));
      for (int event = 0; event < 4; event++) {
        client.until("data: {");
      }
      assertThat(call().outcome()).isEqualTo(Outcome.OPEN);

      // When
      Instant left = Instant.now();
      client.close();

      // Then
      assertThat(aborted(left).chunksSent()).isEqualTo(3);
    }
  }

  @Test
  void seesAClientLeaveBeforeTheHead() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      client.ask(RawClient.hello("sim-stall", ""));
      await().until(() -> !sim.invoice().calls().isEmpty() && call().model() != null);

      Instant left = Instant.now();
      client.close();

      assertThat(aborted(left).billedNanoUsd()).isEqualTo(2 * 2_500);
    }
  }

  @Test
  void writesNoFasterThanTheClientReads() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // Given
      client.ask(RawClient.stream(BIG));
      awaitStandstill();
      assertThat(call().bytesSent()).isLessThan(30L << 20);

      // When
      client.skipToDone();

      // Then
      client.until("0");
      assertThat(call().outcome()).isEqualTo(Outcome.COMPLETE);
      assertThat(call().chunksSent()).isEqualTo(100_000);
    }
  }

  /** Something was sent, and then nothing more for a third of a second. */
  private void awaitStandstill() {
    long[] seen = {-1, System.nanoTime()};
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          long sent = sim.invoice().calls().stream().mapToLong(BilledCall::bytesSent).sum();
          if (sent != seen[0]) {
            seen[0] = sent;
            seen[1] = System.nanoTime();
          }
          return sent > 0 && System.nanoTime() - seen[1] > 300_000_000L;
        });
  }

  private BilledCall aborted(Instant left) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(call().outcome()).isEqualTo(Outcome.ABORTED));
    long micros = Objects.requireNonNull(call().abortedAtMicros(), "abortedAtMicros");
    Instant seen = Instant.parse(call().startedAt()).plusNanos(micros * 1_000);
    assertThat(Duration.between(left, seen)).isLessThan(PROMPT);
    return call();
  }

  private BilledCall call() {
    return sim.invoice().calls().getFirst();
  }
}
