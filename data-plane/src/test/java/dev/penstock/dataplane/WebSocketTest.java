package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat completions over a plain WebSocket. */
class WebSocketTest {

  private final NodeTester node = new NodeTester();
  private final List<String> frames = new CopyOnWriteArrayList<>();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void streamsSeveralExchangesOneAfterTheOther() {
    node.model("assistant", "sim-n3-d0-t0").publish();
    WebSocket socket = connect(node.key());

    socket.sendText(request("\"first\"", "assistant"), true).join();
    await().until(() -> frames.stream().anyMatch(frame -> frame.contains("\"done\":true")));
    socket.sendText(request("2", "assistant"), true).join();

    await()
        .until(() -> frames.stream().filter(frame -> frame.contains("\"done\":true")).count() == 2);
    assertThat(frames)
        .filteredOn(frame -> frame.startsWith("{\"id\":\"first\",\"event\":{"))
        .hasSize(5);
    assertThat(frames).filteredOn(frame -> frame.startsWith("{\"id\":2,\"event\":{")).hasSize(5);
    assertThat(frames)
        .noneMatch(frame -> frame.contains("prompt_tokens") || frame.contains("[DONE]"));
    await().until(() -> served() == 2);
    RequestRecord record =
        node.spool.records().stream()
            .filter(found -> found.getTokens().getOutput() > 0)
            .findFirst()
            .orElseThrow();
    assertThat(record.getTransport()).isEqualTo("websocket");
    assertThat(record.getTokens().getOutput()).isEqualTo(3);
    assertThat(frames)
        .anyMatch(frame -> frame.contains("\"request_id\":\"" + record.getId() + "\""));
  }

  @ParameterizedTest
  @CsvSource({"anthropic, ''", "mistral, /mistral"})
  void streamsFromProvidersOfOtherDialects(String protocol, String path) {
    node.provider("there", NodeTester.REGION, protocol, "", node.sim.rootUrl() + path)
        .modelAt("assistant", "there", "sim-n3-d0-t0")
        .publish();
    WebSocket socket = connect(node.key());

    socket.sendText(request("\"mine\"", "assistant"), true).join();

    await().until(() -> frames.stream().anyMatch(frame -> frame.contains("\"done\":true")));
    assertThat(frames)
        .allMatch(frame -> frame.startsWith("{\"id\":\"mine\","))
        .noneMatch(frame -> frame.contains("[DONE]"))
        .anyMatch(frame -> frame.contains("\"finish_reason\":\"stop\""));
    assertThat(frames).filteredOn(frame -> frame.contains("\"content\":\"0000")).hasSize(3);
    assertThat(node.onlyRecord().getTokens().getOutput()).isEqualTo(3);
  }

  @Test
  void runsExchangesSideBySideUpToTheLimit() {
    node.model("slow", "sim-n200-d20000-t0").publish();
    WebSocket socket = connect(node.key());

    for (int i = 0; i < 9; i++) {
      socket.sendText(request(String.valueOf(i), "slow"), true).join();
    }

    await()
        .until(
            () -> frames.stream().anyMatch(frame -> frame.startsWith("{\"id\":8,\"request_id\"")));
    assertThat(frames).anyMatch(frame -> frame.contains("\"code\":\"concurrency_limit_exceeded\""));
    for (int i = 0; i < 8; i++) {
      String start = "{\"id\":" + i + ",\"event\":";
      await().until(() -> frames.stream().anyMatch(frame -> frame.startsWith(start)));
    }
    socket.abort();
    await()
        .until(() ->
            node.sim.invoice().calls().stream()
                    .filter(call -> call.abortedAtMicros() != null)
                    .count()
                == 8);
  }

  @Test
  void answersWhatItRefusesUnderTheClientsId() {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("assistant").publish();
    WebSocket socket = connect(node.key());

    socket.sendText(request("\"x\"", "other"), true).join();
    socket.sendText("{\"id\":\"y\",\"model\":", true).join();

    await().until(() -> frames.size() == 2);
    assertThat(frames.get(0))
        .startsWith("{\"id\":\"x\",\"request_id\":")
        .contains("\"error\":{")
        .contains("model_not_allowed");
    assertThat(frames.get(1))
        .startsWith("{\"id\":\"y\",\"request_id\":")
        .contains("invalid_request");
  }

  @Test
  void refusesTheUpgradeWithoutAGoodKey() {
    node.model("assistant", "sim-n1").publish();

    assertThatThrownBy(() -> connect("pens_nonsense"))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(WebSocketHandshakeException.class)
        .satisfies(failure ->
            assertThat(((WebSocketHandshakeException) failure).getResponse().statusCode())
                .isEqualTo(401));
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example, 403",
    "null, 403",
    "http://127.0.0.1, 403",
    "http://127.0.0.1:PORT, 101",
    "HTTPS://127.0.0.1:PORT, 101"
  })
  void takesNoWebSocketFromAPageOfAnotherHost(String origin, int status) throws Exception {
    node.model("assistant", "sim-n1").publish();

    String answer = handshake(origin.replace("PORT", String.valueOf(node.port)));

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    if (status == 403) {
      assertThat(answer).contains("\"code\":\"origin_not_allowed\"");
      RequestRecord record =
          await().until(node.spool::records, found -> !found.isEmpty()).getFirst();
      assertThat(record.getErrorCode()).isEqualTo("origin_not_allowed");
      assertThat(record.getTenant()).isEqualTo("acme");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: a\r\n",
        "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: a\r\n",
        "upgrade: websocket\r\nconnection: upgrade\r\n"
            + "sec-websocket-version: 99\r\nsec-websocket-key: a\r\n",
        "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
      })
  void saysWhatIsMissingInAHandshake(String headers) throws Exception {
    node.model("assistant", "sim-n1").publish();

    String answer = answer(headers);

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("sec-websocket-version: 13\r\n")
        .contains("\"code\":\"invalid_request\"");
    RequestRecord record = await().until(node.spool::records, found -> !found.isEmpty()).getFirst();
    assertThat(record.getErrorCode()).isEqualTo("invalid_request");
    assertThat(record.getTenant()).isEqualTo("acme");
  }

  private String handshake(String origin) throws IOException {
    return answer(
        "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
            + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\norigin: "
            + origin
            + "\r\n");
  }

  /** The answer's head, and its body if it has one. */
  private String answer(String headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", node.port)) {
      socket.setSoTimeout(10_000);
      String head =
          "GET /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nauthorization: Bearer %s\r\n";
      socket
          .getOutputStream()
          .write((head.formatted(node.port, node.key()) + headers + "\r\n").getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith(answer.indexOf("HTTP/1.1 101") == 0 ? "\r\n\r\n" : "}}")) {
        answer.append((char) socket.getInputStream().read());
      }
      return answer.toString();
    }
  }

  @Test
  void endsARunningStreamWithAnErrorFrame() {
    node.model("assistant", "sim-reset-after-3").publish();
    WebSocket socket = connect(node.key());

    socket.sendText(request("1", "assistant"), true).join();

    await()
        .until(
            () -> frames.stream().anyMatch(frame -> frame.contains("\"code\":\"upstream_cut\"")));
    assertThat(frames).noneMatch(frame -> frame.contains("\"done\""));
  }

  private long served() {
    return node.spool.records().stream()
        .filter(record -> record.getTransport().equals("websocket"))
        .filter(record -> record.getOutcome().equals("served"))
        .count();
  }

  private static String request(String id, String model) {
    return "{\"id\":%s,\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(id, model);
  }

  private WebSocket connect(String key) {
    return node.http
        .newWebSocketBuilder()
        .header("authorization", "Bearer " + key)
        .buildAsync(
            URI.create("ws://127.0.0.1:" + node.port + "/v1/chat/completions"),
            new WebSocket.Listener() {
              private final StringBuilder text = new StringBuilder();

              @Override
              public @Nullable CompletionStage<?> onText(
                  WebSocket socket, CharSequence data, boolean last) {
                text.append(data);
                if (last) {
                  frames.add(text.toString());
                  text.setLength(0);
                }
                socket.request(1);
                return null;
              }
            })
        .join();
  }
}
