package dev.penstock.dataplane.session;

import static dev.penstock.dataplane.journal.SpoolKit.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.penstock.dataplane.budget.BudgetActions;
import dev.penstock.dataplane.budget.LeaseDesk;
import dev.penstock.dataplane.budget.LeaseHold;
import dev.penstock.dataplane.config.CertificateSource;
import dev.penstock.dataplane.config.NodeConfig;
import dev.penstock.dataplane.config.NodeConfig.ControlPlaneConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.config.NodeConfig.Listen;
import dev.penstock.dataplane.enrolment.GivenIdentity;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.journal.SpoolKit;
import dev.penstock.dataplane.ratelimit.RateShares;
import dev.penstock.dataplane.session.ScriptedControlPlane.Cut;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.SnapshotClient;
import dev.penstock.dataplane.snapshot.SnapshotKit;
import dev.penstock.dataplane.wire.GrpcControlPlane;
import dev.penstock.dataplane.wire.PolicyReader;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.NodeMessage.MessageCase;
import dev.penstock.proto.fleet.v1.RateShareAsk;
import dev.penstock.proto.snapshot.v1.Revoke;
import dev.penstock.proto.usage.v1.SpoolRecord;
import dev.penstock.proto.usage.v1.UsageAck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The session over mutual TLS, with a control plane that cuts it wherever it can be cut. */
@NullUnmarked // a null where there should be none fails the test
final class NodeSessionTest {

  private static final BudgetRule BUDGET =
      new BudgetRule("0b6e3a52-0000-4000-8000-0000000000b1", "acme", "month", BudgetScope.ALL);

  @TempDir static Path pki;
  private static TestCertificates certificates;

  @TempDir Path dir;

  private final Vertx vertx = Vertx.vertx();
  private Spool spool;
  private LeaseDesk leases;
  private CurrentSnapshot current;
  private SnapshotClient snapshots;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = TestCertificates.make(pki);
  }

  @BeforeEach
  void open() throws Exception {
    spool = SpoolKit.open(dir.resolve("spool"));
    leases = new LeaseDesk(spool);
    current = new CurrentSnapshot();
    snapshots =
        SnapshotClient.open(
            dir,
            SnapshotKit.REGION,
            List.of(SnapshotKit.SIGNING.getPublic()),
            new PolicyReader(),
            current,
            List.of());
  }

  @AfterEach
  void close() throws Exception {
    snapshots.close();
    spool.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "HELLO, BEFORE", "HELLO, AFTER",
    "HEARTBEAT, BEFORE", "HEARTBEAT, AFTER",
    "SNAPSHOT_ACK, BEFORE", "SNAPSHOT_ACK, AFTER",
    "LEASE_REQUEST, BEFORE", "LEASE_REQUEST, AFTER",
    "LEASE_CLOSE, BEFORE", "LEASE_CLOSE, AFTER",
    "USAGE_BATCH, BEFORE", "USAGE_BATCH, AFTER"
  })
  void deliversEverythingOnceWhereverItIsCut(MessageCase message, Cut cut) throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0)) {
      // Given
      control.offer(SnapshotKit.with("acme").chunk(7));
      control.cutAt(message, cut);
      List<String> expected = new ArrayList<>();

      // When
      try (NodeSession session = start(control.port())) {
        await()
            .pollInterval(Duration.ofMillis(20))
            .untilAsserted(() -> {
              exchange("r" + expected.size());
              expected.add("r" + expected.size());
              assertThat(control.hasCuts()).isFalse();
            });

        // Then
        await()
            .untilAsserted(
                () -> assertThat(ids(control.committed())).containsExactlyElementsOf(expected));
        await().untilAsserted(() -> assertThat(spool.ackedSeq()).isEqualTo(expected.size()));
        await().until(current::present);
        await().until(() -> session.view().headRevision() == 9);
      }
    }
  }

  private void exchange(String id) {
    Optional<LeaseHold> money = hold();
    money.ifPresent(hold -> leases.settle(hold, new NanoUsd(1)));
    assertThat(spool.tryRecord(record(id, 1, List.of()))).isTrue();
  }

  @Test
  void asksForItsPartOfTheReserveAndGivesItBackWhenItStops() throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0)) {
      // Given
      control.lendShares();

      // When
      try (NodeSession session = start(control.port())) {
        await().until(() -> !control.heard(MessageCase.RATE_SHARE_REQUEST).isEmpty());
      }

      // Then
      RateShareAsk first =
          control.heard(MessageCase.RATE_SHARE_REQUEST).getFirst().getRateShareRequest().getAsks(0);
      assertThat(first.getTenant() + first.getName()).isEmpty();
      assertThat(first.getWant().getRequests()).isEqualTo(1_000_000);
      await()
          .untilAsserted(() -> {
            RateShareAsk last =
                control
                    .heard(MessageCase.RATE_SHARE_REQUEST)
                    .getLast()
                    .getRateShareRequest()
                    .getAsks(0);
            assertThat(last.getNumber()).isGreaterThan(first.getNumber());
            assertThat(last.getHeld().getRequests()).isZero();
            assertThat(last.getWant().getRequests()).isZero();
          });
    }
  }

  @Test
  void asksAControlPlaneOfAnOlderBuildForNoShares() throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0);
        NodeSession session = start(control.port())) {
      await().until(() -> !control.heard(MessageCase.HEARTBEAT).isEmpty());
      exchange("later");
      await().untilAsserted(() -> assertThat(ids(control.committed())).containsExactly("later"));

      assertThat(control.heard(MessageCase.RATE_SHARE_REQUEST)).isEmpty();
    }
  }

  @Test
  void connectsWithinASecondOfTheControlPlanesStart() throws Exception {
    // Given
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    exchange("early");
    try (NodeSession session = start(port)) {
      await().pollDelay(Duration.ofMillis(700)).until(() -> !session.view().connected());

      // When
      try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, port)) {
        // Then
        await()
            .atMost(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(10))
            .until(() -> session.view().connected());
        await().untilAsserted(() -> assertThat(ids(control.committed())).containsExactly("early"));
      }

      // And: it notices the end, and comes back
      await().until(() -> !session.view().connected());
      exchange("late");
      try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, port)) {
        await().until(() -> session.view().connected());
        assertThat(control.heard(MessageCase.HELLO).getFirst().getHello().getNodeName())
            .isEqualTo("eu-west-1");
      }
    }
  }

  @Test
  void presentsItselfAndWhatItHas() throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0);
        NodeSession session = start(control.port())) {
      await().until(() -> session.view().connected());
      NodeMessage hello = control.heard(MessageCase.HELLO).getFirst();
      assertThat(hello.getHello().getRegion()).isEqualTo("eu-west");
      assertThat(hello.getHello().getSpoolId()).isEqualTo(spool.spoolId());
      assertThat(hello.getHello().getIncarnation()).isPositive();
      assertThat(hello.getHello().getSchemaMax()).isEqualTo(1);
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> !control.heard(MessageCase.HEARTBEAT).isEmpty());
    }
  }

  @Test
  void revokesAtOnce() throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0)) {
      // Given
      control.offer(SnapshotKit.with("acme").chunk(7));
      try (NodeSession session = start(control.port())) {
        await().until(current::present);
        await().until(() -> !control.heard(MessageCase.SNAPSHOT_ACK).isEmpty());

        // When
        control.say(
            ControlMessage.newBuilder()
                .setRevoke(Revoke.newBuilder().setRevision(8).addApiKeyIds("key-acme"))
                .build());

        // Then
        await()
            .untilAsserted(
                () -> assertThat(current.get().revokedKeyIds()).containsExactly("key-acme"));
        assertThat(session.view().connected()).isTrue();
      }
    }
  }

  @Test
  void refusesABadSnapshotAndSaysWhy() throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0)) {
      // Given
      control.offer(SnapshotKit.with("acme").put("model/assistant", new byte[] {1}).chunk(7));

      // When
      try (NodeSession session = start(control.port())) {
        // Then
        await().until(() -> !control.heard(MessageCase.SNAPSHOT_NACK).isEmpty());
        var nack = control.heard(MessageCase.SNAPSHOT_NACK).getFirst().getSnapshotNack();
        assertThat(nack.getErrors(0).getResourceKey()).isEqualTo("model/assistant");
        assertThat(nack.getErrors(0).getCode()).isEqualTo("UNPARSABLE");
        assertThat(nack.getKeptRevision()).isZero();
        assertThat(session.view().connected()).isTrue();
      }
    }
  }

  @Test
  void trustsNoAcknowledgementOfWhatItDidNotSend() throws Exception {
    try (ScriptedControlPlane control = ScriptedControlPlane.start(certificates, 0);
        NodeSession session = start(control.port())) {
      // Given
      exchange("r0");
      await().untilAsserted(() -> assertThat(spool.ackedSeq()).isOne());

      // When
      for (long seq : new long[] {0, 99}) {
        control.say(
            ControlMessage.newBuilder()
                .setUsageAck(UsageAck.newBuilder().setSpoolId(spool.spoolId()).setAckedSeq(seq))
                .build());
      }
      exchange("r1");

      // Then
      await().untilAsserted(() -> assertThat(spool.ackedSeq()).isEqualTo(2));
      assertThat(ids(control.committed())).containsExactly("r0", "r1");
      assertThat(session.view().connected()).isTrue();
    }
  }

  private NodeSession start(int port) {
    NodeConfig config =
        new NodeConfig(
            "eu-west-1",
            SnapshotKit.REGION,
            new Listen("127.0.0.1", 0, 1),
            new ControlPlaneConfig(
                List.of(new HostPort("localhost", port)),
                certificates.serverCert(),
                new CertificateSource.Given(certificates.nodeCert(), certificates.nodeKey()),
                List.of(SnapshotKit.SIGNING.getPublic())),
            dir,
            List.of(),
            Optional.empty());
    return NodeSession.start(
        config,
        new GrpcControlPlane(
            config.controlPlane(),
            new GivenIdentity(certificates.nodeCert(), certificates.nodeKey()),
            "test"),
        new SessionParts(
            spool, leases, current, snapshots, () -> 0, new RateShares(1), new BudgetActions()));
  }

  private Optional<LeaseHold> hold() {
    Future<LeaseHold> held =
        Future.future(promise ->
            vertx.runOnContext(
                nothing -> leases.hold(List.of(BUDGET), new NanoUsd(1000)).onComplete(promise)));
    try {
      return Optional.of(held.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
    } catch (Exception refused) {
      return Optional.empty();
    }
  }

  private static List<String> ids(List<ByteString> records) {
    return records.stream()
        .map(bytes -> {
          try {
            return SpoolRecord.parseFrom(bytes).getRequest().getId();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        })
        .toList();
  }
}
