package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.ChunkNumbers;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SocketClient;
import java.net.http.WebSocketHandshakeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exchanges over a WebSocket, several on one. */
@ExtendWith(SharedStack.class)
class WebSocketTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String RESPONSES = "/v1/responses";

  private final PenstockTester tester;

  WebSocketTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void carriesSeveralExchangesAtOnceUnderTheClientsOwnIds() {
    // Given
    Application application = tester.application().upstream("sim-n15-b24-d2000-t1000-g1").create();
    Map<String, ChunkNumbers> chunks = new HashMap<>();
    Map<String, String> requestIds = new HashMap<>();

    // When
    try (SocketClient socket = SocketClient.connect(application)) {
      for (String id : List.of("a", "b", "c")) {
        chunks.put(id, new ChunkNumbers());
        socket.send(application.body("\"id\":\"%s\"".formatted(id)));
      }
      while (requestIds.size() < 3) {
        JsonNode frame = socket.next();
        String id = frame.path("id").asText();
        assertThat(frame.has("error")).as(frame.toString()).isFalse();
        Objects.requireNonNull(chunks.get(id)).see(frame.path("event").toString());
        if (frame.path("done").asBoolean()) {
          requestIds.put(id, frame.path("request_id").asText());
        }
      }
    }

    // Then
    assertThat(chunks.values()).allSatisfy(seen -> assertThat(seen.count()).isEqualTo(15));
    assertThat(requestIds.values()).doesNotHaveDuplicates();
    for (String requestId : requestIds.values()) {
      JsonNode record = tester.admin().record(requestId);
      assertThat(record.path("transport").asText()).isEqualTo("websocket");
      assertThat(record.path("outcome").asText()).isEqualTo("served");
      assertThat(record.path("tokens").path("output").asLong()).isEqualTo(15);
    }
  }

  @Test
  void goesOnAfterARefusedExchange() {
    // Given
    Application application = tester.application().create();

    // When
    JsonNode refused;
    JsonNode done;
    try (SocketClient socket = SocketClient.connect(application)) {
      socket.send(application.asking("copilot").body("\"id\":7"));
      refused = socket.next();
      socket.send(application.body("\"id\":8"));
      done = socket.until(frame -> !frame.has("event")).getLast();
    }

    // Then
    assertThat(refused.path("id").asInt()).isEqualTo(7);
    assertThat(refused.path("error").path("code").asText()).isEqualTo("model_not_allowed");
    assertThat(done.path("id").asInt()).isEqualTo(8);
    assertThat(done.path("done").asBoolean()).as(done.toString()).isTrue();
  }

  @Test
  void carriesAConversationOfResponsesWithTheKeyAmongTheProtocols() {
    // Given
    Application application = tester.application().upstream("sim-n3-b24-d0-t0-g1").create();
    long mark = tester.simulator().mark();
    List<JsonNode> first;
    List<JsonNode> second;

    // When
    try (SocketClient socket = SocketClient.offering(application, RESPONSES)) {
      assertThat(socket.protocol()).isEqualTo("realtime");
      socket.send(turn(application, ""));
      first = socket.until(WebSocketTest::isLast);
      String id = first.getLast().at("/response/id").asText();
      socket.send(turn(application, "\"previous_response_id\":\"%s\",".formatted(id)));
      second = socket.until(WebSocketTest::isLast);
    }

    // Then
    for (List<JsonNode> frames : List.of(first, second)) {
      JsonNode last = frames.getLast();
      assertThat(last.path("type").asText()).as(last.toString()).isEqualTo("response.completed");
      JsonNode record = tester.admin().record(last.path("request_id").asText());
      assertThat(record.path("transport").asText()).isEqualTo("websocket");
      assertThat(record.path("dialect").asText()).isEqualTo("openai-responses");
      assertThat(record.path("outcome").asText()).isEqualTo("served");
      assertThat(record.path("tokens").path("output").asLong()).isEqualTo(3);
    }
    assertThat(tester.simulator().calls(application.upstreamModel(), mark)).hasSize(2);
  }

  @Test
  void refusesAKeyAmongTheProtocolsThatNobodyIssued() {
    // Given
    Application stranger = tester.application().create().withKey(Canaries.unknownKey());

    // When
    CompletionException refused =
        assertThrows(CompletionException.class, () -> SocketClient.offering(stranger, RESPONSES));

    // Then
    assertThat(refused.getCause())
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            handshake -> assertThat(handshake.getResponse().statusCode()).isEqualTo(401));
  }

  @Test
  void tellsOfASpentBudgetWithCodeAndStatus() {
    // Given
    Application application = tester.application().budget("0.0001").create();

    for (String path : List.of(CHAT, RESPONSES)) {
      // When
      JsonNode refused;
      try (SocketClient socket = SocketClient.connect(application, path)) {
        socket.send(path.equals(CHAT) ? application.body("\"id\":1") : turn(application, ""));
        refused = socket.next();
      }

      // Then
      assertThat(refused.path("status").asInt()).as(refused.toString()).isEqualTo(429);
      assertThat(refused.at("/error/code").asText()).isEqualTo("budget_exhausted");
      assertThat(refused.at("/error/type").asText()).isEqualTo("insufficient_quota");
    }
  }

  private static String turn(Application application, String fields) {
    return "{\"type\":\"response.create\",\"model\":\"%s\",%s\"input\":\"%s\"}"
        .formatted(application.model(), fields, Canaries.PROMPT);
  }

  private static boolean isLast(JsonNode frame) {
    return frame.has("request_id");
  }
}
