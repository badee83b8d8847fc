package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection on which nothing runs does not stay for ever; one on which something runs does. */
class IdleClientTest {

  private static final Duration IDLE = Duration.ofMillis(600);

  private final NodeTester node =
      new NodeTester(
          ChangedLimits.of(
              Map.of("idleClient", IDLE, "stalledClient", Duration.ofSeconds(2), "eventLoops", 1)));

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void closesAKeptConnectionThatAsksForNothingMore() throws Exception {
    node.model("assistant", "sim-n1").publish();
    try (Socket socket = connect()) {
      write(socket, models());
      write(socket, models());

      String answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);

      assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(3);
    }
  }

  @Test
  void leavesAStreamThatIsSlowerThanTheLimitAlone() throws Exception {
    node.model("slow", "sim-n4-d700000-t700000").publish();
    try (Socket socket = connect()) {
      write(socket, chat("slow"));

      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);

      assertThat(answer).contains("[DONE]").endsWith("0\r\n\r\n");
    }
  }

  @Test
  void leavesAClientThatDoesNotReadToItsOwnLimitAndThenGetsRidOfIt() throws Exception {
    node.model("big", "sim-n20000-b2000-d0-t0-g20").publish();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(64 * 1024);
      socket.connect(new InetSocketAddress("127.0.0.1", node.port));
      write(socket, chat("big"));

      assertStalledAndCut(socket);
    }
  }

  @Test
  void getsRidOfAWebSocketWhoseClientDoesNotRead() throws Exception {
    node.model("big", "sim-n20000-b2000-d0-t0-g20").publish();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(64 * 1024);
      socket.connect(new InetSocketAddress("127.0.0.1", node.port));
      write(
          socket,
          "GET /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
              + node.key()
              + "\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
              + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) socket.getInputStream().read());
      }
      String message =
          "{\"id\":1,\"model\":\"big\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
      // RFC 6455, section 5.2: a text frame below 126 bytes, masked with zeros
      socket
          .getOutputStream()
          .write(new byte[] {(byte) 0x81, (byte) (0x80 | message.length()), 0, 0, 0, 0});
      write(socket, message);

      assertStalledAndCut(socket);
    }
  }

  private void assertStalledAndCut(Socket socket) {
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .extracting(record -> record.getErrorCode())
                .containsExactly("stalled_client"));
    // Bytes to a connection that is gone are answered with a reset, though none was ever read.
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThatThrownBy(() -> write(socket, "x")).isInstanceOf(IOException.class));
  }

  @Test
  void closesAWebSocketOnWhichNothingRuns() throws Exception {
    node.model("slow", "sim-n4-d700000-t700000").publish();
    Recorder client = new Recorder();
    WebSocket socket =
        node.http
            .newWebSocketBuilder()
            .header("authorization", "Bearer " + node.key())
            .buildAsync(URI.create("ws://127.0.0.1:" + node.port + "/v1/chat/completions"), client)
            .join();

    socket
        .sendText(
            "{\"id\":1,\"model\":\"slow\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
            true)
        .join();

    assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo("1001 idle");
    assertThat(client.text.toString()).contains("\"done\":true");
  }

  private static final class Recorder implements WebSocket.Listener {
    private final StringBuffer text = new StringBuffer();
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code + " " + reason);
      return null;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", node.port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private String models() {
    return "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + node.key() + "\r\n\r\n";
  }

  private String chat(String model) {
    String body =
        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            .formatted(model);
    return "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(node.key(), body.length(), body);
  }
}
