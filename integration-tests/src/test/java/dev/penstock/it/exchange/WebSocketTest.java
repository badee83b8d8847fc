package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.ChunkNumbers;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SocketClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exchanges over a WebSocket, several on one. */
@ExtendWith(SharedStack.class)
class WebSocketTest {
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
}
