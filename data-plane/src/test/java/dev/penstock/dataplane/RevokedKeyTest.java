package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key that is revoked ends what runs with it. */
class RevokedKeyTest {

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void endsRunningStreamsOfARevokedKey() throws Exception {
    node.model("assistant", "sim-n1000-d20000-t0").publish();
    var response =
        node.http.sendAsync(node.chat("assistant", true).build(), BodyHandlers.ofString());
    await()
        .until(() ->
            !node.sim.invoice().calls().isEmpty()
                && node.sim.invoice().calls().getFirst().chunksSent() > 2);

    node.publish(true, 0);

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("cancelled");
  }

  @Test
  void endsRunningStreamsOfASuspendedTenantAndSaysWhoIsSuspended() throws Exception {
    node.model("assistant", "sim-n1000-d20000-t0").publish();
    var response =
        node.http.sendAsync(node.chat("assistant", true).build(), BodyHandlers.ofString());
    await()
        .until(() ->
            !node.sim.invoice().calls().isEmpty()
                && node.sim.invoice().calls().getFirst().chunksSent() > 2);

    node.suspend("acme");

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    var refused = node.send(node.chat("assistant", true));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("The tenant acme is suspended");
    node.model("brief", "sim-n1").publish();
    assertThat(node.send(node.chat("brief", false)).statusCode()).isEqualTo(200);
  }

  @Test
  void endsTheStreamOfAKeyThatWasRevokedBeforeItBegan() throws Exception {
    node.model("assistant", "sim-n5-d0-t500000").publish();
    var response =
        node.http.sendAsync(node.chat("assistant", true).build(), BodyHandlers.ofString());
    await().until(() -> !node.sim.invoice().calls().isEmpty());

    node.publish(true, 0);

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("key_revoked");
  }
}
