package dev.penstock.dataplane.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.config.CertificateSource.Enrolled;
import dev.penstock.dataplane.config.NodeConfig;
import dev.penstock.dataplane.config.NodeConfig.ControlPlaneConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.config.NodeConfig.Listen;
import dev.penstock.dataplane.snapshot.SnapshotKit;
import dev.penstock.dataplane.wire.GrpcEnrolment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node comes by its certificate, over real TLS. */
@NullUnmarked // a null where there should be none fails the test
final class EnrolmentTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path pki;
  @TempDir Path data;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final InstantSource clock = now::get;
  private IssuingServer control;
  private Path token;

  @BeforeEach
  void start() throws Exception {
    control = new IssuingServer(pki);
    token = data.resolve("token");
  }

  @AfterEach
  void stop() {
    control.close();
  }

  @Test
  void waitsForItsTokenAndKeepsWhatItGets() throws Exception {
    control.accepted = "one";
    AtomicInteger changes = new AtomicInteger();

    try (Enrolment enrolment = start("eu-west-1")) {
      enrolment.onChanged(changes::incrementAndGet);
      assertThat(enrolment.current()).isEmpty();
      Files.writeString(token, "one\n");
      awaitCertificate(enrolment);
    }

    assertThat(changes).hasValue(1);
    Path file = data.resolve("identity.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.delete(token);
    try (Enrolment again = start("eu-west-1")) {
      assertThat(again.current()).isPresent();
    }
    assertThat(control.tokens).containsExactly("one");
  }

  @Test
  void doesNotTryARefusedTokenAgainButTakesTheNextOne() throws Exception {
    control.accepted = "two";
    Files.writeString(token, "one");

    try (Enrolment enrolment = start("eu-west-1")) {
      await().atMost(PATIENCE).until(() -> control.tokens.contains("one"));
      Files.writeString(token, "two");
      awaitCertificate(enrolment);
    }

    assertThat(control.tokens).containsExactly("one", "two");
  }

  @Test
  void renewsAtHalfOfItsLifeForANewKey() throws Exception {
    control.accepted = "one";
    Files.writeString(token, "one");

    try (Enrolment enrolment = start("eu-west-1")) {
      awaitCertificate(enrolment);
      byte[] first = enrolment.current().orElseThrow().key();
      now.set(now.get().plus(Duration.ofHours(14)));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(enrolment.current().orElseThrow().key()).isNotEqualTo(first));
    }

    assertThat(control.tokens).startsWith("one", "renewal");
  }

  @Test
  void aNodeThatIsNoLongerBelievedNeedsANewToken() throws Exception {
    control.accepted = "one";
    Files.writeString(token, "one");

    try (Enrolment enrolment = start("eu-west-1")) {
      awaitCertificate(enrolment);
      byte[] first = enrolment.current().orElseThrow().key();
      enrolment.onDistrusted();
      control.accepted = "two";
      Files.writeString(token, "two");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(enrolment.current().orElseThrow().key()).isNotEqualTo(first));
    }
  }

  @Test
  void doesNotPresentACertificateThatIsOver() throws Exception {
    control.accepted = "one";
    Files.writeString(token, "one");
    try (Enrolment enrolment = start("eu-west-1")) {
      awaitCertificate(enrolment);
    }
    Files.delete(token);
    now.set(now.get().plus(Duration.ofHours(25)));

    try (Enrolment enrolment = start("eu-west-1")) {
      assertThat(enrolment.current()).isEmpty();
    }
  }

  @Test
  void takesNeitherAnothersFileNorADamagedOne() throws Exception {
    control.accepted = "one";
    Files.writeString(token, "one");
    try (Enrolment enrolment = start("eu-west-1")) {
      awaitCertificate(enrolment);
    }
    Files.delete(token);
    byte[] file = Files.readAllBytes(data.resolve("identity.pem"));

    assertThat(Credentials.read(file, "spiffe://penstock/region/eu-west/node/eu-west-2")).isEmpty();
    for (int cut = 0; cut < file.length - 1; cut += 37) {
      byte[] torn = java.util.Arrays.copyOf(file, cut);
      assertThat(Credentials.read(torn, config("eu-west-1").spiffeId()))
          .as("cut at %d", cut)
          .isEmpty();
    }
    assertThat(Credentials.read(file, config("eu-west-1").spiffeId())).isPresent();
    assertThat(new String(file, StandardCharsets.US_ASCII)).startsWith("-----BEGIN CERTIFICATE");
  }

  private static void awaitCertificate(Enrolment enrolment) {
    await().atMost(PATIENCE).until(() -> enrolment.current().isPresent());
  }

  private Enrolment start(String node) {
    NodeConfig config = config(node);
    return Enrolment.start(
        config, (Enrolled) config.controlPlane().certificate(), new GrpcEnrolment(config), clock);
  }

  private NodeConfig config(String node) {
    return new NodeConfig(
        node,
        SnapshotKit.REGION,
        new Listen("127.0.0.1", 0, 1),
        new ControlPlaneConfig(
            List.of(new HostPort("localhost", control.port())),
            control.serverCert(),
            new Enrolled(Optional.empty(), Optional.of(token), Optional.empty()),
            List.of(SnapshotKit.SIGNING.getPublic())),
        data,
        List.of(),
        Optional.empty());
  }
}
