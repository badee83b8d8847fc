package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that does not read stops the provider; one that leaves cancels it. */
class BrakesTest {

  private final NodeTester node = new NodeTester();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void stopsReadingFromTheProviderWhileTheClientDoesNotRead() throws Exception {
    node.model("big", "sim-n20000-b2000-d0-t0-g20").publish(); // about 46 MB
    try (Socket client = node.ask("big", true)) {
      await().until(() -> !node.sim.invoice().calls().isEmpty());

      long stalledAt = sentWhenItStops();

      assertThat(stalledAt).isLessThan(20L << 20);
      assertThat(readToTheEnd(client)).isGreaterThan(40L << 20);
    }
    assertThat(record().getOutcome()).isEqualTo("served");
    assertThat(record().getTokens().getOutput()).isEqualTo(20_000);
  }

  @Test
  void cancelsTheProviderWhenTheClientLeaves() throws Exception {
    node.model("slow", "sim-n1000-d20000-t0").publish();
    Socket client = node.ask("slow", true);
    await().until(() -> call().chunksSent() > 3);

    client.close();

    await().atMost(Duration.ofSeconds(2)).until(() -> call().abortedAtMicros() != null);
    RequestRecord record = record();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getUsageSource()).isEqualTo("estimated");
    assertThat(record.getTokens().getOutput()).isPositive().isLessThan(1000);
    assertThat(record.getCostNanoUsd()).isPositive();
  }

  @Test
  void chargesAStreamThatAStoppingNodeEndsForWhatCame() throws Exception {
    node.model("slow", "sim-n1000-d20000-t0").publish();
    try (Socket client = node.ask("slow", true)) {
      await().until(() -> call().chunksSent() > 3);

      node.parts.endDraining();

      RequestRecord record = record();
      assertThat(client.isConnected()).isTrue();
      assertThat(record.getOutcome()).isEqualTo("failed");
      assertThat(record.getUsageSource()).isEqualTo("estimated");
      assertThat(record.getTokens().getOutput()).isPositive();
      assertThat(record.getCostNanoUsd()).isPositive();
    }
  }

  @Test
  void cancelsTheProviderWhenTheClientResetsWithUnreadData() throws Exception {
    node.model("big", "sim-n20000-b2000-d0-t0-g20").publish();
    Socket client = node.ask("big", true);
    await().until(() -> !node.sim.invoice().calls().isEmpty());
    sentWhenItStops();

    client.setSoLinger(true, 0);
    client.close();

    await().until(() -> call().abortedAtMicros() != null);
    assertThat(record().getOutcome()).isEqualTo("cancelled");
  }

  @Test
  void cancelsACallThatHasNotBeenAnsweredYet() throws Exception {
    node.model("silent", "sim-stall").publish();
    Socket client = node.ask("silent", true);
    await().until(() -> !node.sim.invoice().calls().isEmpty());

    client.close();

    await().until(() -> call().abortedAtMicros() != null);
    assertThat(record().getOutcome()).isEqualTo("cancelled");
    assertThat(record().getUsageSource()).isEqualTo("estimated");
    assertThat(record().getTokens().getInput()).isPositive();
    assertThat(record().getCostNanoUsd()).isPositive();
  }

  private BilledCall call() {
    await().until(() -> !node.sim.invoice().calls().isEmpty());
    return node.sim.invoice().calls().getFirst();
  }

  /** What the provider has sent once it has sent nothing more for half a second. */
  private long sentWhenItStops() {
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(20))
        .until(() -> before.getAndSet(call().bytesSent()) == call().bytesSent());
    return before.get();
  }

  private RequestRecord record() {
    await().until(() -> !node.spool.records().isEmpty());
    return node.spool.records().getFirst();
  }

  /** Bytes until the chunked body's end. */
  private static long readToTheEnd(Socket client) throws IOException {
    client.setSoTimeout(10_000);
    InputStream in = new BufferedInputStream(client.getInputStream(), 1 << 16);
    byte[] buffer = new byte[1 << 16];
    String tail = "";
    long total = 0;
    while (!tail.endsWith("0\r\n\r\n")) {
      int read = in.read(buffer);
      if (read < 0) {
        throw new IOException("cut after " + total + " bytes");
      }
      total += read;
      String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
      tail = (tail + text).substring(Math.max(0, tail.length() + text.length() - 32));
    }
    assertThat(tail).contains("[DONE]");
    return total;
  }
}
