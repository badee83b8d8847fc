package dev.penstock.it.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.installation.NodePlan;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.OnStackOfItsOwn;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The key that signs snapshots gives way to another, as the guide on security tells it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@OnStackOfItsOwn
class SnapshotKeyRotationTest {
  private static final String CONTROL_PLANE = "control-plane";
  private static final String NODE = PenstockTester.EU_NODE;

  private final PenstockTester tester =
      PenstockTester.start(
          "snapshot-key", options -> options.withNodes(NodePlan.parse("eu-west=1")));

  @AfterAll
  void stop() {
    tester.close();
  }

  @Test
  void leavesNodesWithWhatTheNewKeyHasSignedAlone() throws Exception {
    // Given
    Application application =
        tester.application().deployedIn("eu-west").residency("eu-west").create();
    Path pinned = file(NODE, "PENSTOCK_SNAPSHOT_PUBLIC_KEY");
    KeyPair next = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

    // When: the node pins both, the control plane signs with the new one
    Files.writeString(pinned, Files.readString(pinned) + pem("PUBLIC", next.getPublic()));
    restart(NODE);
    Files.writeString(
        file(CONTROL_PLANE, "PENSTOCK_SNAPSHOT_SIGNING_KEY"), pem("PRIVATE", next.getPrivate()));
    long before = acked();
    restart(CONTROL_PLANE);
    long signedAnew = newestRevision();
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> assertThat(acked()).isGreaterThanOrEqualTo(signedAnew));

    assertThat(signedAnew).isGreaterThan(before);

    // When: the node pins the new one alone, and gets anew what it had on its disk
    Files.writeString(pinned, pem("PUBLIC", next.getPublic()));
    restart(NODE);

    // Then
    assertThat(application.stream().statusCode()).isEqualTo(200);
    tester.process(CONTROL_PLANE).kill();
    restart(NODE);
    assertThat(application.stream().statusCode()).isEqualTo(200);
  }

  private long acked() {
    return tester.admin().node(NODE).path("ackedRevision").asLong();
  }

  private long newestRevision() {
    return tester.admin().get("revisions?limit=1").path("items").path(0).path("revision").asLong();
  }

  private void restart(String name) {
    tester.process(name).stop();
    tester.startAgain(name);
  }

  private Path file(String process, String variable) {
    return Path.of(
        Objects.requireNonNull(tester.process(process).spec().environment().get(variable)));
  }

  private static String pem(String kind, Key key) {
    return "-----BEGIN %1$s KEY-----\n%2$s\n-----END %1$s KEY-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(key.getEncoded()));
  }
}
