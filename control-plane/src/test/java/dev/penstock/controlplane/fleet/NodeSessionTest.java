package dev.penstock.controlplane.fleet;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestPki;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import dev.penstock.proto.budget.v1.LeaseClose;
import dev.penstock.proto.budget.v1.LeaseGrant;
import dev.penstock.proto.budget.v1.LeaseRequest;
import dev.penstock.proto.budget.v1.LeaseReturn;
import dev.penstock.proto.budget.v1.LeaseState;
import dev.penstock.proto.fleet.v1.ControlMessage.MessageCase;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.RateShareAsk;
import dev.penstock.proto.fleet.v1.RateShareGrant;
import dev.penstock.proto.fleet.v1.RateShareRequest;
import dev.penstock.proto.fleet.v1.RateUnits;
import dev.penstock.proto.fleet.v1.Welcome;
import dev.penstock.proto.policy.v1.TenantPolicy;
import dev.penstock.proto.snapshot.v1.Resource;
import dev.penstock.proto.snapshot.v1.SnapshotKind;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.SpoolRecord;
import dev.penstock.proto.usage.v1.UsageBatch;
import io.grpc.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes over mutual TLS, against the whole control plane. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class NodeSessionTest {

  private static final String REGION = "eu-west";

  @Inject SnapshotPublisher snapshots;

  private final TestPki pki = TestDatabase.pki();
  private final UUID spoolId = UUID.randomUUID();
  private final String name = "node-" + spoolId.toString().substring(0, 8);
  private final List<TestNode> nodes = new ArrayList<>();

  @BeforeEach
  void startFromACompany() throws SQLException {
    TestDatabase.reset();
    long revision = apply(company()).jsonPath().getLong("revision");
    // Else a node might be welcomed with the snapshot before it and be sent this one next.
    await()
        .untilAsserted(() ->
            assertThat(snapshots.offer(REGION).orElseThrow().newest().revision())
                .isEqualTo(revision));
  }

  @AfterEach
  void hangUp() {
    nodes.forEach(TestNode::close);
  }

  @Test
  void refusesWhoHasNoCertificate() {
    TestNode node = keep(TestNode.connect(pki.authority(), null, REGION, name, spoolId));

    connect().sayHello().hear(MessageCase.WELCOME); // so it is not the server that is missing
    assertThat(node.sayHello().end()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void refusesTheCertificateOfAnotherAuthority() {
    TestPki other = TestPki.create("Somebody else");
    TestNode node =
        keep(TestNode.connect(pki.authority(), other.node(REGION, name), REGION, name, spoolId));

    connect().sayHello().hear(MessageCase.WELCOME);
    assertThat(node.sayHello().end()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void refusesACertificateThatNamesNoNode() {
    TestNode node = keep(TestNode.connect(pki.authority(), pki.stranger(), REGION, name, spoolId));

    assertThat(node.end()).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void refusesAHelloThatIsNotTheCertificates() {
    TestNode node = connect();
    node.say(NodeMessage.newBuilder().setHello(node.hello().setRegion("us-east")));

    assertThat(node.end()).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void refusesASpoolThatIsAnotherNodes() {
    connect().sayHello().hear(MessageCase.WELCOME);
    TestNode other = keep(TestNode.connect(pki, REGION, name + "-clone", spoolId));

    assertThat(other.sayHello().end()).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void aNewerIncarnationReplacesTheOlderOne() {
    TestNode older = connect();
    older.sayHello().hear(MessageCase.WELCOME);
    TestNode newer = connect();
    newer.say(NodeMessage.newBuilder().setHello(newer.hello().setIncarnation(2000)));

    newer.hear(MessageCase.WELCOME);
    assertThat(older.end()).isEqualTo(Status.Code.ABORTED);
    assertThat(connect().sayHello().end()).isEqualTo(Status.Code.ABORTED);
  }

  /** More than may run at once: one that the control plane has ended takes no place. */
  @Test
  void aLineServesOneSessionAfterTheOther() {
    TestNode node = connect();
    for (int call = 1; call <= 20; call++) {
      assertThat(node.beat().end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      node = keep(node.callAgain());
    }
    node.sayHello().hear(MessageCase.WELCOME);
  }

  @Test
  void refusesWhateverComesBeforeHello() {
    assertThat(connect().beat().end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void lendsSharesOfRateLimits() {
    TestNode node = connect();
    Welcome welcome = node.sayHello().hear(MessageCase.WELCOME).getWelcome();
    node.hearSnapshot();

    node.say(
        NodeMessage.newBuilder()
            .setRateShareRequest(
                RateShareRequest.newBuilder()
                    .addAsks(
                        RateShareAsk.newBuilder()
                            .setNumber(1)
                            .setWant(RateUnits.newBuilder().setRequests(1_000_000)))
                    .addAsks(RateShareAsk.newBuilder().setTenant("nobody").setName("none"))));
    RateShareGrant grant = node.hear(MessageCase.RATE_SHARE_GRANT).getRateShareGrant();

    assertThat(welcome.getLendsRateShares()).isTrue();
    assertThat(grant.getSharesList())
        .singleElement()
        .satisfies(share -> {
          assertThat(share.getTenant()).isEmpty();
          assertThat(share.getNumber()).isEqualTo(1);
          assertThat(share.getGranted().getRequests()).isBetween(0L, 1_000_000L);
          assertThat(share.getValidMillis()).isZero();
        });
  }

  @Test
  void refusesMoreAsksForSharesThanAMessageMayHold() {
    TestNode node = connect();
    node.sayHello().hear(MessageCase.WELCOME);
    RateShareRequest.Builder request = RateShareRequest.newBuilder();
    for (int i = 0; i <= 1_000; i++) {
      request.addAsks(RateShareAsk.newBuilder().setTenant("acme").setName("all").setNumber(i));
    }

    node.say(NodeMessage.newBuilder().setRateShareRequest(request));

    assertThat(node.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void refusesASecondHello() {
    TestNode node = connect();
    node.sayHello().hear(MessageCase.WELCOME);

    assertThat(node.sayHello().end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void refusesAMessageOfALaterVersion() {
    TestNode unknown = connect();
    unknown.say(
        NodeMessage.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build()));

    assertThat(unknown.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void takesNoteOfMoneyThatIsGivenBack() {
    TestNode node = served();
    String leaseId = UUID.randomUUID().toString();

    node.say(
        NodeMessage.newBuilder()
            .setLeaseReturn(
                LeaseReturn.newBuilder().setLeaseId(leaseId).setReturnedTotalNanoUsd(5)));

    assertThat(node.hear(MessageCase.LEASE_GRANT).getLeaseGrant())
        .as("nobody knows the lease")
        .isEqualTo(
            LeaseGrant.newBuilder()
                .setLeaseId(leaseId)
                .setState(LeaseState.LEASE_STATE_CLOSED)
                .build());
  }

  @Test
  void refusesAMessageAboveOneMebibyte() {
    TestNode node = connect();
    node.sayHello().hear(MessageCase.WELCOME);
    node.say(
        NodeMessage.newBuilder()
            .setUsageBatch(
                UsageBatch.newBuilder().addRecords(ByteString.copyFrom(new byte[1 << 20]))));

    assertThat(node.end()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
  }

  @Test
  void deliversTheRegionsSnapshotAndNotesWhatIsInForce() {
    TestNode node = connect();

    Welcome welcome = node.sayHello().hear(MessageCase.WELCOME).getWelcome();
    TestNode.Received received = node.hearSnapshot();
    node.ack(received);

    assertThat(welcome.getDeliveryKey().toByteArray())
        .isEqualTo(DeliveryKey.ofRegion(TestDatabase.masterKey(), REGION).encoded());
    assertThat(
            SnapshotSignature.verify(
                TestDatabase.snapshotPublicKey(),
                REGION,
                received.last().getRevision(),
                received.last().getDigest().toByteArray(),
                received.last().getSignature().toByteArray()))
        .isTrue();
    await()
        .untilAsserted(() ->
            assertThat(me())
                .containsEntry("connected", true)
                .containsEntry("region", REGION)
                .containsEntry("ackedRevision", (int) received.last().getRevision())
                .containsEntry("desiredRevision", (int) received.last().getRevision())
                .containsEntry("nacks", List.of()));
  }

  @Test
  void aNodeThatHasTheNewestIsSentNothing() {
    TestNode first = connect();
    first.sayHello().hear(MessageCase.WELCOME);
    TestNode.Received received = first.hearSnapshot();
    first.ack(received).hearNothingButPong();
    TestNode again = connect();
    again.say(
        NodeMessage.newBuilder()
            .setHello(
                again
                    .hello()
                    .setAppliedRevision(received.last().getRevision())
                    .setAppliedDigest(received.last().getDigest())));

    again.hear(MessageCase.WELCOME);
    assertThat(again.hear(MessageCase.UP_TO_DATE).getUpToDate().getRevision())
        .isEqualTo(received.last().getRevision());
    again.hearNothingButPong();
  }

  @Test
  void aWriteIsAtTheNodeWithinASecond() {
    TestNode node = served();
    apply(region("ap-south", "x")); // content of this region is the same: only announced
    node.hear(MessageCase.UP_TO_DATE);

    apply(key("another"));
    long stored = System.nanoTime();
    TestNode.Received received = node.hearSnapshot();

    assertThat(Duration.ofNanos(System.nanoTime() - stored)).isLessThan(Duration.ofSeconds(1));
    assertThat(received.last().getKind()).isEqualTo(SnapshotKind.SNAPSHOT_KIND_DELTA);
    assertThat(received.last().getResourcesList())
        .extracting(Resource::getKey)
        .containsExactly("tenant/acme-health/keys/0");
  }

  @Test
  void whatSomebodyElseStoredIsPublishedToo() throws SQLException {
    TestNode node = served();

    // As another replica or an operator would, and without telling anybody.
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE policy.head SET revision = revision + 1");
      statement.execute(
          "INSERT INTO policy.revision SELECT revision, 'operator', now(), '[]' FROM policy.head");
      statement.execute(
          """
          INSERT INTO policy.snapshot
          SELECT s.region, h.revision, s.digest, s.signature, s.allow_mass_delete, s.rollback_of
          FROM policy.head h, policy.snapshot s
          WHERE s.region = 'eu-west' ORDER BY s.revision DESC LIMIT 1\
          """);
    }

    // Same content: the node need not be sent it, only told.
    node.hear(MessageCase.UP_TO_DATE);
  }

  @Test
  void whatANodeRefusesIsShownAndNotSentAgain() {
    TestNode node = connect();
    node.sayHello().hear(MessageCase.WELCOME);
    TestNode.Received received = node.hearSnapshot();

    node.refuse(received);

    node.hearNothingButPong();
    assertThat(me().get("nacks"))
        .isEqualTo(
            List.of(
                Map.of(
                    "resource", "tenant/acme/policy",
                    "code", "UNKNOWN_FEATURE",
                    "reason", "requires guards")));
    assertThat(me()).containsEntry("ackedRevision", 0);
    assertThat(me().get("revisionsBehind")).isEqualTo(me().get("desiredRevision"));
    assertThat(((Number) Objects.requireNonNull(me().get("behindMillis"))).longValue())
        .isPositive();
    apply(key("another"));
    node.ack(node.hearSnapshot()).hearNothingButPong();
    assertThat(me())
        .containsEntry("nacks", List.of())
        .containsEntry("revisionsBehind", 0)
        .containsEntry("behindMillis", 0);
  }

  @Test
  void aRevokedKeyGoesAheadOfTheSnapshot() {
    TestNode node = served();

    assertThat(delete("/tenants/acme-health/api-keys/support-assistant").statusCode())
        .isLessThan(300);

    assertThat(node.hear(MessageCase.REVOKE).getRevoke().getApiKeyIdsList()).hasSize(1);
    node.hearSnapshot();
  }

  @Test
  void leasesMoneyCountsUsageAndTakesTheRestBack() throws IOException {
    TestNode node = connect();
    node.sayHello().hear(MessageCase.WELCOME);
    TestNode.Received received = node.hearSnapshot();
    node.ack(received);
    UUID leaseId = UUID.randomUUID();
    UUID requestId = UUID.randomUUID();

    LeaseGrant grant =
        node.say(ask(leaseId, budgetOf(received), 4_000_000, 2_000_000))
            .hear(MessageCase.LEASE_GRANT)
            .getLeaseGrant();
    node.say(batch(record(1, requestId, leaseId, 1_500_000)));
    long acked = node.hear(MessageCase.USAGE_ACK).getUsageAck().getAckedSeq();
    node.say(batch(record(1, requestId, leaseId, 1_500_000)));
    long again = node.hear(MessageCase.USAGE_ACK).getUsageAck().getAckedSeq();
    long refunded =
        node.say(
                NodeMessage.newBuilder()
                    .setLeaseClose(
                        LeaseClose.newBuilder()
                            .setLeaseId(leaseId.toString())
                            .setSpoolId(spoolId.toString())
                            .setFinalSeq(1)))
            .hear(MessageCase.LEASE_CLOSED)
            .getLeaseClosed()
            .getRefundedNanoUsd();

    assertThat(grant.getState()).isEqualTo(LeaseState.LEASE_STATE_ACTIVE);
    assertThat(grant.getGrantedTotalNanoUsd()).isGreaterThanOrEqualTo(2_000_000);
    assertThat(acked).isEqualTo(1);
    assertThat(again).isEqualTo(1);
    assertThat(refunded).isEqualTo(grant.getGrantedTotalNanoUsd() - 1_500_000);

    JsonPath record = get("/requests/" + requestId).jsonPath();
    assertThat(record.getMap("tokens"))
        .isEqualTo(
            Map.of(
                "input", 12,
                "cacheRead", 2,
                "cacheWrite", 5,
                "cacheWrite1h", 3,
                "audioInput", 1,
                "output", 20,
                "reasoning", 6,
                "audioOutput", 7));
    assertThat(record.getString("tenant")).isEqualTo("acme-health");
    assertThat(record.getString("costNanoUsd")).isEqualTo("1500000");
    assertThat(record.getLong("ttftDeliveredMicros")).isEqualTo(21_000);
    assertThat(record.getString("decisions[0].step")).isEqualTo("identify");
    assertThat(record.getString("attempts[0].deployment")).isEqualTo("assistant-eu");
    assertThat((Object) record.get("attempts[0].error")).isNull();
    assertThat(record.getString("credential.name")).isEqualTo("acme/openai-eu");
    assertThat((Object) record.get("errorCode")).isNull();

    JsonPath window = get("/tenants/acme-health/budgets/month/windows").jsonPath();
    assertThat(window.getString("items[0].spent")).isEqualTo("1500000");
    assertThat(window.getString("items[0].leased")).isEqualTo("0");
    assertThat(window.getString("items[0].limit")).isEqualTo("5000000000000");

    JsonPath page =
        get("/requests?tenant=acme-health&outcome=served&model=assistant&limit=1").jsonPath();
    assertThat(page.getString("items[0].id")).isEqualTo(requestId.toString());

    JsonPath spend = get("/spend?groupBy=tenant,model&step=1d").jsonPath();
    Map<String, Object> row =
        spend.<Map<String, Object>>getList("items").stream()
            .filter(each -> "acme-health".equals(each.get("tenant")))
            .findFirst()
            .orElseThrow();
    assertThat(row).containsEntry("model", "assistant");
    assertThat(Long.parseLong(String.valueOf(row.get("costNanoUsd"))))
        .isGreaterThanOrEqualTo(1_500_000);
    assertThat(Double.parseDouble(String.valueOf(row.get("ttftP50Micros"))))
        .isBetween(19_950.0, 22_050.0);
    String dearest = "/spend?groupBy=tenant,model&step=1d&sort=-costNanoUsd,tenant";
    assertThat(get(dearest + "&tenant=acme-health&model=assistant").jsonPath().getList("items"))
        .contains(row);
    assertThat(get(dearest + "&tenant=nobody").jsonPath().getList("items")).isEmpty();
    List<Long> costs =
        get(dearest).jsonPath().getList("items.costNanoUsd", String.class).stream()
            .map(Long::valueOf)
            .toList();
    assertThat(costs).isNotEmpty().isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void usageAfterAGapIsRefusedWithWhatHasToCome() {
    TestNode node = served();

    node.say(batch(record(3, UUID.randomUUID(), null, 0)));

    assertThat(node.hear(MessageCase.USAGE_NACK).getUsageNack().getExpectedSeq()).isEqualTo(1);
  }

  @Test
  void aRecordThatCannotBeReadStopsNothing() {
    TestNode node = served();

    node.say(
        NodeMessage.newBuilder()
            .setUsageBatch(
                UsageBatch.newBuilder()
                    .setSpoolId(spoolId.toString())
                    .setFirstSeq(1)
                    .addRecords(ByteString.copyFromUtf8("\377garbage"))
                    .addRecords(record(2, UUID.randomUUID(), null, 0).toByteString())));

    assertThat(node.hear(MessageCase.USAGE_ACK).getUsageAck().getAckedSeq()).isEqualTo(2);
  }

  @Test
  void aBudgetThatIsGoneHasNoMoney() {
    TestNode node = served();

    LeaseGrant grant =
        node.say(ask(UUID.randomUUID(), UUID.randomUUID().toString(), 5, 5))
            .hear(MessageCase.LEASE_GRANT)
            .getLeaseGrant();

    assertThat(grant.getState()).isEqualTo(LeaseState.LEASE_STATE_CLOSED);
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    assertThat(get("/requests/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(get("/requests/" + UUID.randomUUID()).jsonPath().getString("detail"))
        .contains("within about a second");
    assertThat(get("/tenants/acme/budgets/none/windows").statusCode()).isEqualTo(404);
    assertThat(get("/spend?groupBy=colour").statusCode()).isEqualTo(400);
    assertThat(get("/spend?step=7m").statusCode()).isEqualTo(400);
    assertThat(get("/spend?groupBy=model&colour=red").statusCode()).isEqualTo(400);
    assertThat(get("/requests?cursor=%21").statusCode()).isEqualTo(400);
  }

  private TestNode connect() {
    return keep(TestNode.connect(pki, REGION, name, spoolId));
  }

  /** A node that has the newest snapshot in force. */
  private TestNode served() {
    TestNode node = connect();
    node.sayHello().hear(MessageCase.WELCOME);
    return node.ack(node.hearSnapshot()).hearNothingButPong();
  }

  private TestNode keep(TestNode node) {
    nodes.add(node);
    return node;
  }

  private Map<String, Object> me() {
    return get("/nodes").jsonPath().<Map<String, Object>>getList("items").stream()
        .filter(node -> name.equals(node.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private static String budgetOf(TestNode.Received received) throws IOException {
    byte[] payload =
        received.resources().stream()
            .filter(resource -> resource.key().equals("tenant/acme-health/policy"))
            .findFirst()
            .orElseThrow()
            .payload();
    return TenantPolicy.parseFrom(payload).getBudgetsList().stream()
        .filter(budget -> budget.getName().equals("month"))
        .findFirst()
        .orElseThrow()
        .getBudgetId();
  }

  private NodeMessage.Builder ask(UUID leaseId, String budgetId, long want, long need) {
    return NodeMessage.newBuilder()
        .setLeaseRequest(
            LeaseRequest.newBuilder()
                .setLeaseId(leaseId.toString())
                .setBudgetId(budgetId)
                .setSpoolId(spoolId.toString())
                .setWantTotalNanoUsd(want)
                .setNeedTotalNanoUsd(need));
  }

  private NodeMessage.Builder batch(SpoolRecord record) {
    return NodeMessage.newBuilder()
        .setUsageBatch(
            UsageBatch.newBuilder()
                .setSpoolId(spoolId.toString())
                .setFirstSeq(record.getSeq())
                .addRecords(record.toByteString()));
  }

  private SpoolRecord record(long seq, UUID id, @Nullable UUID leaseId, long cost) {
    RequestRecord.Builder request = Reported.served(name, REGION, id).setCostNanoUsd(cost);
    if (leaseId != null) {
      request.addCharges(
          LeaseCharge.newBuilder().setLeaseId(leaseId.toString()).setCostNanoUsd(cost));
    }
    return SpoolRecord.newBuilder().setSeq(seq).setRequest(request).build();
  }

  private static String key(String name) {
    return """
    apiVersion: penstock.dev/v1
    kind: ApiKey
    metadata: { tenant: acme-health, name: %s }
    spec: { models: [assistant] }
    """
        .formatted(name);
  }

  private static String region(String name, String displayName) {
    return """
    apiVersion: penstock.dev/v1
    kind: Region
    metadata: { name: %s }
    spec: { displayName: %s }
    """
        .formatted(name, displayName);
  }
}
