package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import dev.penstock.it.kit.Resident;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.Standstill;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many clients that stop reading at once, and then read slowly, cost the node what their buffers
 * may hold. More of them with {@code -Dslow.clients=1000}; what it prints is in {@code
 * docs/performance.md}.
 */
@ExtendWith(SharedStack.class)
@Isolated
class StalledClientsTest {
  private static final int CLIENTS = Integer.getInteger("slow.clients", 200);

  /** 250 KB a second each: buffers fill within seconds, and others get the processor, too. */
  private static final String ENDLESS = "sim-n1000000-b2000-d40000-t0-g5";

  private static final long ROUND_BYTES = 100_000_000;
  private static final int MOST_ROUNDS = 5;
  private static final long SETTLED_KIB = 16 * 1024;
  private static final int SIPS = 30;
  private static final int SIP_BYTES = 8 * 1024;
  private static final long MOST_PER_STREAM_KIB = 256;

  private final PenstockTester tester;

  StalledClientsTest(PenstockTester tester) {
    this.tester = tester;
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES) // for a thousand
  void costAtMostAQuarterOfAMebibyteEach(Transport transport) throws IOException {
    // Given
    Application application = tester.application().upstream(ENDLESS).budget("1000000.00").create();
    long node = tester.process(PenstockTester.EU_NODE).pid();
    long unstalled = memoryOfAWarmNode(application, transport, node);

    // When
    List<RawStream> clients = new ArrayList<>();
    long mark = tester.simulator().mark();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(RawStream.open(application, transport));
      }
      Standstill.await(() -> bytesSent(mark));

      // Then
      long stalled = Resident.kibibytes(node) - unstalled;
      assertThat(stalled / CLIENTS)
          .as("KiB a stalled stream: %d KiB beyond %d KiB", stalled, unstalled)
          .isLessThanOrEqualTo(MOST_PER_STREAM_KIB);

      // And when they read on, a little at a time
      sip(clients);
      long slow = Resident.kibibytes(node) - unstalled;
      assertThat(slow / CLIENTS)
          .as("KiB a slow stream: %d KiB beyond %d KiB", slow, unstalled)
          .isLessThanOrEqualTo(MOST_PER_STREAM_KIB);
      System.out.printf(
          "%s, %d clients: %d KiB a stalled stream, %d KiB a slow one, beyond %d MiB%n",
          transport, CLIENTS, stalled / CLIENTS, slow / CLIENTS, unstalled / 1024);
    } finally {
      leave(clients);
    }
    awaitAllGone(mark);
  }

  private static void sip(List<RawStream> clients) throws IOException {
    byte[] sink = new byte[SIP_BYTES];
    for (int i = 0; i < SIPS; i++) {
      for (RawStream client : clients) {
        assertThat(client.raw().readNBytes(sink, 0, SIP_BYTES)).isEqualTo(SIP_BYTES);
      }
    }
  }

  /** That of a node whose heap has grown to what this load makes of it, and grows no more. */
  private long memoryOfAWarmNode(Application application, Transport transport, long node)
      throws IOException {
    long memory = memoryWhileAllRead(application, transport, node);
    for (int round = 1; round < MOST_ROUNDS; round++) {
      long before = memory;
      memory = memoryWhileAllRead(application, transport, node);
      if (memory - before < SETTLED_KIB) {
        return memory;
      }
    }
    return memory;
  }

  /** The same load with clients that read, until as much has come as makes a round. */
  private long memoryWhileAllRead(Application application, Transport transport, long node)
      throws IOException {
    List<RawStream> clients = new ArrayList<>();
    long mark = tester.simulator().mark();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        RawStream client = RawStream.open(application, transport);
        clients.add(client);
        Thread.ofVirtual().start(() -> drain(client));
      }
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(() -> assertThat(bytesSent(mark)).isGreaterThan(ROUND_BYTES));
      return Resident.kibibytes(node);
    } finally {
      leave(clients);
      awaitAllGone(mark);
    }
  }

  private static void drain(RawStream client) {
    byte[] sink = new byte[16 * 1024];
    try {
      while (client.raw().read(sink) >= 0) {
        // whatever it is
      }
    } catch (IOException left) {
      return; // the round is over
    }
  }

  private static void leave(List<RawStream> clients) throws IOException {
    for (RawStream client : clients) {
      client.close();
    }
  }

  private long bytesSent(long mark) {
    return tester.simulator().calls(ENDLESS, mark).stream()
        .mapToLong(call -> call.path("bytesSent").asLong())
        .sum();
  }

  private void awaitAllGone(long mark) {
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() ->
            assertThat(tester.simulator().calls(ENDLESS, mark))
                .noneMatch(call -> call.path("outcome").asText().equals("open")));
  }
}
