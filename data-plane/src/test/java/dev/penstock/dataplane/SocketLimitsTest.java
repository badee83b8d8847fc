package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.providersim.invoice.BilledCall;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds on every WebSocket, whatever dialect is spoken on it. */
class SocketLimitsTest {

  private static final int MAX_MESSAGE = 4_096;

  private final NodeTester node =
      new NodeTester(ChangedLimits.of(Map.of("maxBodyBytes", MAX_MESSAGE)));

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @EnumSource
  void carriesOneExchangeAfterTheOther(Spoken spoken) {
    SocketTester client = connect(spoken, "sim-n3-d0-t0");

    for (int i = 1; i <= 3; i++) {
      int ended = i;
      client.send(spoken.message());
      await().until(() -> ends(client) == ended);
    }

    await().until(() -> node.spool.records().size() == 3);
    assertThat(node.spool.records())
        .allMatch(record -> record.getOutcome().equals("served"))
        .allMatch(record -> record.getTokens().getOutput() == 3);
  }

  private static long ends(SocketTester client) {
    return client.frames.stream().filter(frame -> frame.containsKey("request_id")).count();
  }

  @ParameterizedTest
  @EnumSource
  void takesAWholeMessageInOneFrameUpToItsLimit(Spoken spoken) throws Exception {
    SocketTester client = connect(spoken, "sim-n1-d0-t0");
    int rest = MAX_MESSAGE - spoken.message().length() + 2;

    client.send(spoken.asking("x".repeat(rest)));
    last(client);
    client.send(spoken.asking("x".repeat(rest + 1)));

    assertThat(client.closed()).isEqualTo("1009 request_too_large");
  }

  @ParameterizedTest
  @EnumSource
  void addsUpTheFramesOfAMessage(Spoken spoken) throws Exception {
    SocketTester client = connect(spoken, "sim-n1-d0-t0");

    client.socket.sendText("x".repeat(MAX_MESSAGE), false).join();
    client.socket.sendText("x".repeat(MAX_MESSAGE), true).join();

    assertThat(client.closed()).isEqualTo("1009 request_too_large");
  }

  @ParameterizedTest
  @EnumSource
  void takesTextAlone(Spoken spoken) throws Exception {
    SocketTester client = connect(spoken, "sim-n1-d0-t0");

    client.socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();

    assertThat(client.closed()).isEqualTo("1003 text frames only");
  }

  @ParameterizedTest
  @EnumSource
  void sendsItsClientAwayWhenTheNodeIsStopped(Spoken spoken) throws Exception {
    SocketTester idle = connect(spoken, "sim-n100-d10000-t0");
    SocketTester busy = SocketTester.connect(node, spoken.path);
    busy.send(spoken.message());
    await().until(() -> !busy.frames.isEmpty());

    node.parts.startDraining();

    assertThat(idle.closed()).isEqualTo("1001 node_draining");
    last(busy);
    assertThat(busy.closed()).isEqualTo("1001 node_draining");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("served");
  }

  @ParameterizedTest
  @EnumSource
  void endsWithAKeyThatIsRevokedInMidStream(Spoken spoken) throws Exception {
    SocketTester client = connect(spoken, "sim-n1000-d10000-t0");
    client.send(spoken.message());
    await().until(() -> client.frames.size() > 2);

    node.publish(true, 0);

    JsonObject error = error(client);
    assertThat(error.getInteger("status")).isEqualTo(401);
    assertThat(error.getJsonObject("error").getString("code")).isEqualTo("key_revoked");
    assertThat(client.closed()).isEqualTo("1008 key_revoked");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("cancelled");
  }

  @ParameterizedTest
  @EnumSource
  void knowsAKeyThatWasRevokedBetweenExchanges(Spoken spoken) throws Exception {
    SocketTester client = connect(spoken, "sim-n1-d0-t0");
    client.send(spoken.message());
    last(client);

    node.publish(true, 0);
    client.send(spoken.message());

    assertThat(error(client).getJsonObject("error").getString("code")).isEqualTo("key_revoked");
    assertThat(client.closed()).isEqualTo("1008 key_revoked");
  }

  @ParameterizedTest
  @EnumSource
  void cancelsTheProviderOfAClientThatLeaves(Spoken spoken) {
    SocketTester client = connect(spoken, "sim-n1000-d10000-t0");
    client.send(spoken.message());
    await().until(() -> client.frames.size() > 2);

    client.socket.abort();

    await().until(() -> call().abortedAtMicros() != null);
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("cancelled");
    assertThat(node.onlyRecord().getCostNanoUsd()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void compressesNothing(Spoken spoken) throws Exception {
    publish("sim-n1-d0-t0");
    try (Socket client = new Socket("127.0.0.1", node.port)) {
      String head = open(client, spoken, "sec-websocket-extensions: permessage-deflate\r\n");

      assertThat(head).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("extensions");
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNotOpenedByAPageOfAnotherHost(Spoken spoken) throws Exception {
    publish("sim-n1-d0-t0");
    try (Socket client = new Socket("127.0.0.1", node.port)) {
      String head = open(client, spoken, "origin: https://evil.example\r\n");

      assertThat(head)
          .startsWith("HTTP/1.1 403 ")
          .contains("x-penstock-error-code: origin_not_allowed\r\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void stopsTheProviderOfAClientThatDoesNotRead(Spoken spoken) throws Exception {
    publish("sim-n20000-b2000-d0-t0-g20"); // about 46 MB
    try (Socket client = new Socket()) {
      client.setReceiveBufferSize(64 * 1024);
      client.connect(new InetSocketAddress("127.0.0.1", node.port));
      open(client, spoken, "");
      byte[] message = spoken.message().getBytes(StandardCharsets.US_ASCII);

      // RFC 6455, section 5.2: a text frame below 126 bytes, masked with zeros
      client
          .getOutputStream()
          .write(new byte[] {(byte) 0x81, (byte) (0x80 | message.length), 0, 0, 0, 0});
      client.getOutputStream().write(message);

      assertThat(sentWhenItStops()).isLessThan(20L << 20);
    }
    await().until(() -> call().abortedAtMicros() != null);
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

  private BilledCall call() {
    await().until(() -> !node.sim.invoice().calls().isEmpty());
    return node.sim.invoice().calls().getFirst();
  }

  private String open(Socket client, Spoken spoken, String headers) throws IOException {
    client.setSoTimeout(10_000);
    String head =
        "GET %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\nupgrade: websocket\r\n"
            + "connection: upgrade\r\nsec-websocket-version: 13\r\n"
            + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n";
    client
        .getOutputStream()
        .write(
            head.formatted(spoken.path, node.key(), headers).getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    int next = 0;
    while (next >= 0 && answer.indexOf("\r\n\r\n") < 0) {
      next = client.getInputStream().read();
      answer.append((char) next);
    }
    return answer.toString();
  }

  private SocketTester connect(Spoken spoken, String script) {
    publish(script);
    return SocketTester.connect(node, spoken.path);
  }

  private void publish(String script) {
    node.model("assistant", script).publish();
  }

  private static JsonObject last(SocketTester client) {
    return client.first(frame -> frame.containsKey("request_id"));
  }

  private static JsonObject error(SocketTester client) {
    return client.first(frame -> frame.containsKey("error"));
  }
}
