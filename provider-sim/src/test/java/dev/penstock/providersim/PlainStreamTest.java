package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlainStreamTest {
  private static ProviderSim sim;

  @BeforeAll
  static void start() {
    sim = ProviderSim.start(SimSettings.onAnyPort(RawClient.KEY));
  }

  @AfterAll
  static void stop() {
    sim.close();
  }

  @Test
  void sendsTheEventsOpenAiSends() throws IOException {
    // Given
    try (RawClient client = RawClient.of(sim)) {
      // When
      String answer = client.ask(RawClient.stream("sim-n2-b24-d0-t0"), "connection: close").rest();

      // Then
      List<String> events = answer.lines().filter(line -> line.startsWith("data: ")).toList();
      assertThat(answer).startsWith("HTTP/1.1 200").contains("content-type: text/event-stream");
      assertThat(events).hasSize(6);
      assertThat(events.get(0))
          .contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"", "\"usage\":null");
      assertThat(events.get(1)).contains("\"delta\":{\"content\":\"0000000 ");
      assertThat(events.get(2)).contains("\"delta\":{\"content\":\"0000001 ");
      assertThat(events.get(3)).contains("\"delta\":{}", "\"finish_reason\":\"stop\"");
      assertThat(events.get(4))
          .contains("\"choices\":[]", "\"prompt_tokens\":2,\"completion_tokens\":2");
      assertThat(events.get(5)).isEqualTo("data: [DONE]");
    }
  }

  @Test
  void aChunkWeighsWhatARealOneWeighs() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // When
      client.ask(RawClient.stream("sim-n100-b24-d1-t0-g1"));

      // Then
      client.until("data: ");
      int framed = client.until("data: ").getBytes(StandardCharsets.UTF_8).length + 2;
      assertThat(framed).isBetween(310, 370);
    }
  }

  @Test
  void leavesUsageOutUnlessItIsAskedFor() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // When
      String answer =
          client
              .ask(RawClient.hello("sim-n2-d0-t0", ",\"stream\":true"), "connection: close")
              .rest();

      // Then
      assertThat(answer).doesNotContain("\"usage\"").contains("data: [DONE]");
    }
  }

  @Test
  void answersWithoutStreamInOneDocument() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // When
      String answer =
          client.ask(RawClient.hello("sim-n3-b2-d0-t0", ""), "connection: close").rest();

      // Then
      assertThat(answer)
          .contains("\"object\":\"chat.completion\"", "\"content\":\"ththth\"")
          .contains("\"completion_tokens\":3,\"total_tokens\":5");
    }
  }

  @Test
  void stopsAtMaxTokensAndSaysSo() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // When
      String answer =
          client
              .ask(
                  RawClient.hello("sim-n9-d0-t0-g4", ",\"stream\":true,\"max_tokens\":3"),
                  "connection: close")
              .rest();

      // Then
      assertThat(answer).contains("0000002 ").doesNotContain("0000003 ");
      assertThat(answer).contains("\"finish_reason\":\"length\"");
    }
  }

  @Test
  void keepsTheConnectionForTheNextCall() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // Given
      client.ask(RawClient.stream("sim-n2-d0-t0")).skipToDone();
      client.until("0");

      // When
      client.ask(RawClient.stream("sim-n2-d0-t0"));

      // Then
      assertThat(client.until("HTTP/1.1")).isEqualTo("HTTP/1.1 200 OK");
      client.skipToDone();
    }
  }

  @Test
  void pacesByScheduleAndNotByDelayAfterDelay() throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      // Given
      client.ask(RawClient.stream("sim-n21-d25000-t200000"));
      long asked = System.nanoTime();

      // When
      client.until("data: ");
      long first = System.nanoTime() - asked;
      client.skipToDone();
      long last = System.nanoTime() - asked;

      // Then
      assertThat(Duration.ofNanos(first)).isBetween(Duration.ofMillis(195), Duration.ofMillis(600));
      assertThat(Duration.ofNanos(last))
          .isBetween(Duration.ofMillis(695), Duration.ofMillis(1_100));
    }
  }

  @Test
  void carriesFiveThousandChunksASecondOnOneLoop() throws Exception {
    // Given
    int streams = 250;
    sim.invoice().clear();
    Callable<Long> listener =
        () -> {
          try (RawClient client = RawClient.of(sim)) {
            return client.ask(RawClient.stream("sim-n40-d50000-t0")).skipToDone();
          }
        };

    // When
    long started = System.nanoTime();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> running = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        running.add(clients.submit(listener));
      }
      for (Future<Long> one : running) {
        one.get();
      }
    }

    // Then
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(Duration.ofMillis(1_945), Duration.ofMillis(4_000));
    assertThat(sim.invoice().calls())
        .hasSize(streams)
        .extracting(BilledCall::outcome)
        .containsOnly(Outcome.COMPLETE);
  }
}
