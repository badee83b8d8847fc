package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a WebSocket stays open, whatever dialect is spoken on it. */
class SocketEndsTest {

  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration LIFE = Duration.ofSeconds(3);

  private final NodeTester node =
      new NodeTester(ChangedLimits.of(Map.of("idleClient", IDLE, "socketLife", LIFE)));

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void pingsWhoWaitsAndAnswersPings() {
    node.model("assistant", "sim-n1-d0-t1000000").publish();
    List<SocketTester> clients = connected();

    for (SocketTester client : clients) {
      client.socket.sendPing(ByteBuffer.wrap(new byte[] {7})).join();
      await().until(() -> client.pongs.get() == 1);
    }

    for (SocketTester client : clients) {
      await().until(() -> client.pings.get() > 0);
      client.first(frame -> frame.containsKey("request_id"));
    }
  }

  @Test
  void closesWhereNothingRuns() throws Exception {
    node.model("assistant", "sim-n1-d0-t0").publish();

    for (SocketTester client :
        Arrays.stream(Spoken.values()).map(it -> SocketTester.connect(node, it.path)).toList()) {
      assertThat(client.closed()).isEqualTo("1001 idle");
    }
  }

  @Test
  void endsAfterItsLifeOnceWhatRunsHasEnded() throws Exception {
    node.model("assistant", "sim-n25-d200000-t0").publish();
    List<SocketTester> clients = connected();

    await().pollDelay(LIFE.plusMillis(100)).until(() -> true);
    for (Spoken spoken : Spoken.values()) {
      clients.get(spoken.ordinal()).send(spoken.message());
    }

    for (SocketTester client : clients) {
      JsonObject refused = client.first(frame -> frame.containsKey("error"));
      assertThat(refused.getInteger("status")).isEqualTo(400);
      assertThat(refused.getJsonObject("error").getString("code"))
          .isEqualTo("websocket_connection_limit_reached");
      assertThat(client.closed()).isEqualTo("1001 websocket_connection_limit_reached");
    }
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .extracting(RequestRecord::getOutcome)
                .containsExactlyInAnyOrder("served", "denied", "served", "denied"));
  }

  /** One client of each kind, which has asked. */
  private List<SocketTester> connected() {
    return Arrays.stream(Spoken.values())
        .map(it -> SocketTester.connect(node, it.path).send(it.message()))
        .toList();
  }
}
