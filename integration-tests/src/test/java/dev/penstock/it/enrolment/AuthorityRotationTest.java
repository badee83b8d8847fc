package dev.penstock.it.enrolment;

import static dev.penstock.it.kit.PenstockTester.EU_NODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.pki.DevelopmentPki;
import dev.penstock.cli.up.StackOptions;
import dev.penstock.cli.up.StackOptions.Tuning;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.OnStackOfItsOwn;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The authority of all certificates gives way to another, as the guide on nodes tells it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@OnStackOfItsOwn
class AuthorityRotationTest {

  private static final String EIGHTY_SECONDS = "sim-n400-b24-d200000-t1000-g1";
  private static final String CONTROL_PLANE = "control-plane";

  private final PenstockTester tester =
      PenstockTester.start("authority", AuthorityRotationTest::issuingFromFilesOfTheirOwn);

  @AfterAll
  void stop() {
    tester.close();
  }

  /** In an installation of {@code up} whom one trusts and who issues are one file. */
  private static StackOptions issuingFromFilesOfTheirOwn(StackOptions options) {
    Installation installation = options.installation();
    DevelopmentPki pki = new DevelopmentPki(installation.pki(), InstantSource.system());
    copy(pki.issuing().certificate(), issuing(installation, ".crt"));
    copy(pki.issuing().key(), issuing(installation, ".key"));
    Map<String, String> environment =
        Map.of(
            "PENSTOCK_NODE_CERTIFICATE_LIFETIME", "60s",
            "PENSTOCK_NODE_CA_CERT", issuing(installation, ".crt").toString(),
            "PENSTOCK_NODE_CA_KEY", issuing(installation, ".key").toString());
    return options
        .withNodes(NodePlan.parse("eu-west=1"))
        .withTuning(CONTROL_PLANE, new Tuning(List.of(), environment));
  }

  private static Path issuing(Installation installation, String ending) {
    return installation.pki().resolve("issuing" + ending);
  }

  @Test
  void cutsNoStreamAndLeavesTheNodeWithACertificateOfTheNewOne() throws Exception {
    // Given
    Application application =
        tester
            .application()
            .upstream(EIGHTY_SECONDS)
            .deployedIn("eu-west")
            .residency("eu-west")
            .create();
    Installation installation = tester.installation();
    DevelopmentPki now = new DevelopmentPki(installation.pki(), InstantSource.system());
    DevelopmentPki next =
        new DevelopmentPki(installation.state().resolve("next-pki"), InstantSource.system());
    String old = Files.readString(now.root());

    try (RawStream running = RawStream.open(application, Transport.SSE)) {
      // When: both are trusted
      OwnerOnly.write(now.root(), old + Files.readString(next.root()));
      restartControlPlane();

      // When: the new one issues, also the control plane's own
      copy(next.issuing().certificate(), issuing(installation, ".crt"));
      copy(next.issuing().key(), issuing(installation, ".key"));
      copy(next.controlPlane().certificate(), now.controlPlane().certificate());
      copy(next.controlPlane().key(), now.controlPlane().key());
      restartControlPlane();
      int before = certificates().size();
      await().atMost(Patience.FOR_A_START).until(() -> certificates().size() > before);

      // When: the old one is trusted no more
      OwnerOnly.write(now.root(), Files.readString(next.root()));
      restartControlPlane();
      await().atMost(Patience.FOR_A_START).until(this::isConnected);

      // Then
      assertThat(new String(running.chunked().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("data: [DONE]\n\n");
    }
    assertThat(certificates().path(0).path("origin").asText()).isEqualTo("renewed");
  }

  private void restartControlPlane() {
    tester.process(CONTROL_PLANE).stop();
    tester.startAgain(CONTROL_PLANE);
  }

  private boolean isConnected() {
    return tester.admin().node(EU_NODE).path("connected").asBoolean();
  }

  private JsonNode certificates() {
    return tester.admin().get("nodes/" + EU_NODE + "/certificates?limit=1000").path("items");
  }

  private static void copy(Path from, Path to) {
    try {
      OwnerOnly.write(to, Files.readString(from));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + from, e);
    }
  }
}
