package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.exchange.BodyRoom;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are on their way take memory that a node has only so much of. */
class SlowWritersTest {

  private static final int CLIENTS = 200;
  private static final int SENT_BYTES = 30_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final NodeTester node = new NodeTester();
  private final BodyRoom room = node.parts.bodyRoom();

  @AfterEach
  void nothingIsHeld() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(room.taken()).isZero());
    node.close();
  }

  @Test
  void takeWhatTheyHaveSentAndGiveItBackWhetherTheyLeaveOrFinish() throws IOException {
    node.model("assistant", "sim-n1").publish();
    List<Socket> writers = new ArrayList<>();
    byte[] request = request();
    int head = request.length - 2 * SENT_BYTES;

    // When: half of each body
    for (int i = 0; i < CLIENTS; i++) {
      Socket writer = new Socket("127.0.0.1", node.port);
      writers.add(writer);
      writer.getOutputStream().write(request, 0, head + SENT_BYTES);
    }
    awaitTaken(CLIENTS * SENT_BYTES);

    // When: every other one leaves
    for (int i = 0; i < CLIENTS; i += 2) {
      writers.get(i).close();
    }
    awaitTaken(CLIENTS / 2 * SENT_BYTES);

    // Then
    for (int i = 1; i < CLIENTS; i += 2) {
      try (Socket writer = writers.get(i)) {
        writer.getOutputStream().write(request, head + SENT_BYTES, SENT_BYTES);
        assertThat(new String(writer.getInputStream().readNBytes(12), US_ASCII))
            .isEqualTo("HTTP/1.1 200");
      }
    }
  }

  @Test
  void areToldToComeAgainWhereThereIsNoRoom() throws Exception {
    node.model("assistant", "sim-n1").publish();
    BodyRoom.Share others = room.share();
    assertThat(others.tryTake(Math.toIntExact(room.bytes()) - 10)).isTrue();

    HttpResponse<String> refused = node.send(node.chat("assistant", false));
    others.giveBack();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("\"code\":\"overloaded\"", "request bodies");
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("overloaded");
    assertThat(node.send(node.chat("assistant", false)).statusCode()).isEqualTo(200);
  }

  private void awaitTaken(long bytes) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(room.taken()).isEqualTo(bytes));
  }

  /** A body of exactly twice what is sent at first. */
  private byte[] request() {
    String start = "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    String end = "\"}]}";
    String body = start + "x".repeat(2 * SENT_BYTES - start.length() - end.length()) + end;
    return "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s"
        .formatted(node.key(), body.length(), body)
        .getBytes(US_ASCII);
  }
}
