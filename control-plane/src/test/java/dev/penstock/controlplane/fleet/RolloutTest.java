package dev.penstock.controlplane.fleet;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.as;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestPki;
import dev.penstock.controlplane.kit.TestToken;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.rollout.Rollouts;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.kernel.snapshot.ServiceAccount;
import dev.penstock.proto.fleet.v1.ControlMessage.MessageCase;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.SpoolRecord;
import dev.penstock.proto.usage.v1.UsageBatch;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Revisions that reach nodes in waves, over real sessions; eight nodes of one region. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class RolloutTest {

  private static final String REGION = "eu-west";
  private static final int NODES = 8;

  @Inject SnapshotPublisher snapshots;
  @Inject SnapshotStore store;
  @Inject Rollouts rollouts;
  @Inject Ledger ledger;
  @Inject CertificateWatch watch;

  private final TestPki pki = TestDatabase.pki();
  private final List<TestNode> nodes = new ArrayList<>();
  private final String prefix = "wave-" + UUID.randomUUID().toString().substring(0, 8) + "-";

  /** The revision that all nodes have in the beginning. */
  private long base;

  @BeforeEach
  void startFromAFleet() throws SQLException {
    TestDatabase.reset();
    await()
        .untilAsserted(
            () -> assertThat(get("/nodes?connected=true").jsonPath().getList("items")).isEmpty());
    base = apply(company()).jsonPath().getLong("revision");
    await()
        .untilAsserted(() ->
            assertThat(snapshots.offer(REGION).orElseThrow().newest().revision()).isEqualTo(base));
    for (int i = 0; i < NODES; i++) {
      TestNode node = TestNode.connect(pki, REGION, prefix + i, UUID.randomUUID());
      nodes.add(node);
      node.sayHello().hear(MessageCase.WELCOME);
      node.ack(node.hearSnapshot()).hearNothingButPong();
    }
  }

  @AfterEach
  void hangUp() {
    nodes.forEach(TestNode::close);
  }

  @Test
  void reachesOneNodeThenAQuarterThenAll() {
    Response answer = inWaves(key("another"));

    long revision = answer.jsonPath().getLong("revision");
    assertThat(answer.header("x-penstock-rollout")).isEqualTo(Long.toString(revision));
    TestNode.Received first = node(0).hearSnapshot();
    assertThat(first.last().getRevision()).isEqualTo(revision);
    waits(1, NODES);
    assertThat(rollout(revision).getString("state")).isEqualTo("running");
    assertThat(rollout(revision).getString("wave")).isEqualTo("canary");
    assertThat(rollout(revision).getLong("baseRevision")).isEqualTo(base);
    assertThat(rollout(revision).getList("nodes.node")).containsExactly(prefix + 0);
    assertThat(rollout(revision).getList("gate.awaited")).containsExactly(prefix + 0);
    assertThat(desired(0)).isEqualTo(revision);
    assertThat(desired(1)).isEqualTo(base);

    node(0).ack(first);
    TestNode.Received second = node(1).hearSnapshot();
    waits(2, NODES);
    assertThat(rollout(revision).getString("wave")).isEqualTo("quarter");

    node(1).ack(second);
    for (int i = 2; i < NODES; i++) {
      node(i).ack(node(i).hearSnapshot());
    }
    await().untilAsserted(() -> assertThat(rollout(revision).getString("state")).isEqualTo("done"));
    assertThat(rollout(revision).getString("wave")).isEqualTo("all");
    assertThat(rollout(revision).getString("endedAt")).isNotNull();
    assertThat(audited(revision)).containsExactly("rollout.finish", "rollout.start");
    assertThat(apply(key("at-once")).header("x-penstock-rollout")).isNull();
  }

  @Test
  void stopsWhenANodeRefusesAndGoesOnOnlyWhenSomebodySaysSo() {
    long revision = inWaves(key("another")).jsonPath().getLong("revision");
    node(0).refuse(node(0).hearSnapshot());
    awaitState(revision, "stopped");

    assertThat(rollout(revision).getString("reason"))
        .isEqualTo("node %s0 refused it".formatted(prefix));
    assertThat(rollout(revision).getString("remedy"))
        .contains("./penstock rollback " + base)
        .contains("/rollouts/" + revision + "/resume");
    assertThat(admin().post("/rollouts/" + (revision - 1) + "/resume").statusCode()).isEqualTo(404);

    // What is written meanwhile goes to those that it has come to, and to nobody else.
    Response mended = apply(key("mended"));
    assertThat(mended.header("x-penstock-rollout")).isEqualTo(Long.toString(revision));
    node(0).ack(node(0).hearSnapshot()).hearNothingButPong();
    waits(1, NODES);
    assertThat(rollout(revision).getString("state")).isEqualTo("stopped");

    assertThat(admin().post("/rollouts/" + revision + "/resume").statusCode()).isEqualTo(200);
    TestNode.Received second = node(1).hearSnapshot();
    assertThat(second.last().getRevision()).isEqualTo(mended.jsonPath().getLong("revision"));
    node(1).ack(second);
    for (int i = 2; i < NODES; i++) {
      node(i).ack(node(i).hearSnapshot());
    }
    awaitState(revision, "done");
    assertThat(admin().post("/rollouts/" + revision + "/resume").statusCode()).isEqualTo(409);
    assertThat(audited(revision))
        .containsExactly("rollout.finish", "rollout.resume", "rollout.stop", "rollout.start");
  }

  @Test
  void stopsWhenMoreRequestsFailThanBefore() {
    reports(node(7), 1, base, UnaryOperator.identity());
    long revision = inWaves(key("another")).jsonPath().getLong("revision");
    node(0).hearSnapshot();
    reports(node(0), 1, revision, record -> record.setOutcome("failed").setStatus(502));

    awaitState(revision, "stopped");
    assertThat(rollout(revision).getString("reason"))
        .startsWith("100.0 % of 200 requests failed, before it were 0.0 % of ");
    assertThat(rollout(revision).getLong("gate.now.failed")).isEqualTo(200);
    waits(1, NODES);
  }

  @Test
  void goesOnHoweverManyAreRefusedWhomNobodyKnows() {
    reports(node(7), 1, base, UnaryOperator.identity());
    long revision = inWaves(key("another")).jsonPath().getLong("revision");
    TestNode.Received first = node(0).hearSnapshot();
    reports(
        node(0),
        1,
        revision,
        record ->
            record
                .setTenant("")
                .clearTenantPath()
                .setApiKey("")
                .setOutcome("denied")
                .setErrorCode("UNKNOWN_KEY")
                .setStatus(401));
    node(0).ack(first);

    node(1).hearSnapshot();
    assertThat(rollout(revision).getString("state")).isEqualTo("running");
    assertThat(rollout(revision).getLong("gate.now.requests")).isZero();
  }

  @Test
  void aKeyThatEndsEarlierThanBeforeEndsOnWaitingNodesToo() {
    String key = "/tenants/acme-health/api-keys/support-assistant";
    String id = get(key + "/keys").jsonPath().getString("keys[0].id");
    inWaves(key("another"));
    node(0).hearSnapshot();

    // Nothing is written when the time has come.
    assertThat(post(key + "/rotate?overlap=1s", "").statusCode()).isEqualTo(200);

    for (TestNode node : nodes.subList(1, NODES)) {
      assertThat(node.hear(MessageCase.REVOKE).getRevoke().getApiKeyIdsList()).containsExactly(id);
    }
    assertThat(replica().offer(REGION).orElseThrow().refused()).containsExactly(id);
    // It is said once.
    awaitPublished(apply(key("another-one")));
    waits(1, NODES);
  }

  @Test
  void whatIsTakenAwayWaitsForNoWave() {
    long revision = inWaves(key("another")).jsonPath().getLong("revision");
    TestNode.Received first = node(0).hearSnapshot();

    assertThat(delete("/tenants/acme-health/api-keys/support-assistant").statusCode())
        .isEqualTo(204);

    for (TestNode node : nodes) {
      assertThat(node.hear(MessageCase.REVOKE).getRevoke().getApiKeyIdsList()).hasSize(1);
    }
    waits(1, NODES);
    // A node that was away has to learn it, too, and gets nothing else.
    node(5).close();
    TestNode again = TestNode.connect(pki, REGION, prefix + 5, UUID.randomUUID());
    nodes.add(again);
    again.sayHello().hear(MessageCase.WELCOME);
    assertThat(again.hear(MessageCase.REVOKE).getRevoke().getRevision()).isGreaterThan(revision);
    assertThat(again.hearSnapshot().last().getRevision()).isEqualTo(base);
    node(0).ack(first);
    node(0).hearSnapshot();
  }

  @Test
  void aServiceAccountThatIsTakenAwayWaitsForNoWaveEither() {
    long member = apply(bot()).jsonPath().getLong("revision");
    for (TestNode node : nodes) {
      node.ack(node.hearSnapshot());
    }
    long revision = inWaves(key("another")).jsonPath().getLong("revision");
    node(0).hearSnapshot();

    assertThat(delete("/tenants/acme-health/members/bot").statusCode()).isEqualTo(204);

    for (TestNode node : nodes.subList(1, NODES)) {
      assertThat(node.hear(MessageCase.REVOKE).getRevoke().getApiKeyIdsList())
          .containsExactly(ServiceAccount.hashOf("penstock.acme-health.bot"));
    }
    assertThat(rollout(revision).getLong("baseRevision")).isEqualTo(member);
  }

  @Test
  void refusesAServiceAccountOnANodeThatStandsBetweenTheBaseAndTheNewest() {
    inWaves(bot());
    node(0).ack(node(0).hearSnapshot());
    TestNode.Received quarter = node(1).hearSnapshot();
    inWaves(key("third"));
    node(0).hearSnapshot();
    // It has the account, which neither the base nor the newest will have.
    node(1).ack(quarter).hearNothingButPong();

    assertThat(delete("/tenants/acme-health/members/bot").statusCode()).isEqualTo(204);

    String bot = ServiceAccount.hashOf("penstock.acme-health.bot");
    assertThat(node(1).hear(MessageCase.REVOKE).getRevoke().getApiKeyIdsList())
        .containsExactly(bot);
    Offer offered = replica().offer(REGION).orElseThrow();
    assertThat(offered.isHeldFrom(node(1).name)).isTrue();
    assertThat(offered.refused()).containsExactly(bot);
    awaitPublished(apply(bot()));
    assertThat(replica().offer(REGION).orElseThrow().refused()).isEmpty();
    waits(1, 2);
    TestNode again = TestNode.connect(pki, REGION, prefix + 1, node(1).spoolId);
    nodes.add(again);
    again.sayHello().hear(MessageCase.WELCOME);
    again.hearSnapshot();
  }

  @Test
  void endsWithARollbackWhichReachesAllAtOnce() {
    long revision = inWaves(policy("copilot")).jsonPath().getLong("revision");
    TestNode.Received first = node(0).hearSnapshot();

    long back = admin().post("/revisions/" + base + "/rollback").jsonPath().getLong("revision");

    node(0).ack(first);
    assertThat(node(0).hearSnapshot().last().getRevision()).isEqualTo(back);
    for (TestNode node : nodes.subList(1, NODES)) {
      // It has that content already.
      assertThat(node.hear(MessageCase.UP_TO_DATE).getUpToDate().getRevision()).isEqualTo(back);
    }
    assertThat(rollout(revision).getString("state")).isEqualTo("superseded");
    assertThat(rollout(revision).getLong("supersededBy")).isEqualTo(back);
    assertThat(rollout(revision).<Object>get("gate")).isNull();
  }

  @Test
  void anotherRolloutTakesItsPlaceAndBeginsAtTheFirstWave() {
    long first = inWaves(key("another")).jsonPath().getLong("revision");
    node(0).ack(node(0).hearSnapshot());
    TestNode.Received quarter = node(1).hearSnapshot();

    long second = inWaves(key("third")).jsonPath().getLong("revision");
    TestNode.Received canary = node(0).hearSnapshot();
    node(1).ack(quarter).hearNothingButPong();
    waits(2, NODES);

    assertThat(canary.last().getRevision()).isEqualTo(second);
    assertThat(rollout(first).getString("state")).isEqualTo("superseded");
    assertThat(rollout(second).getLong("baseRevision")).isEqualTo(base);
    // No node goes back: one that has the first stays with that until its turn comes.
    assertThat(desired(1)).isEqualTo(first);
    TestNode again = TestNode.connect(pki, REGION, prefix + 1, node(1).spoolId);
    nodes.add(again);
    again.say(
        NodeMessage.newBuilder()
            .setHello(
                again
                    .hello()
                    .setAppliedRevision(first)
                    .setAppliedDigest(quarter.last().getDigest())));
    again.hear(MessageCase.WELCOME);
    again.hearNothingButPong();
  }

  @Test
  void keepsWhatThoseNeedThatWaitForLong() {
    byte[] before = store.latest(REGION).orElseThrow().digest();
    long revision = inWaves(key("another")).jsonPath().getLong("revision");
    node(0).refuse(node(0).hearSnapshot());
    awaitState(revision, "stopped");

    for (int i = 0; i < 2 * SnapshotStore.RETAINED_REVISIONS; i++) {
      apply(key("key-" + i)).then().statusCode(200);
    }

    // As a replica that has just started puts it together.
    assertThat(store.at(REGION, base).orElseThrow().digest()).isEqualTo(before);
    waits(1, NODES);
  }

  @Test
  void refusesToDeleteWhatWaitingNodesCannotDoWithout() {
    Response deletion = admin().delete("/tenants/acme-health/budgets/month?rollout=waves");
    assertThat(deletion.statusCode()).isEqualTo(409);

    inWaves(key("another"));
    Response during = admin().delete("/tenants/acme-health/budgets/month");
    assertThat(during.statusCode()).isEqualTo(409);
    assertThat(during.jsonPath().getString("errors[0].detail"))
        .contains("Budget acme-health/month cannot be deleted");
  }

  @Test
  void letsOnlyThoseAskForWavesWhoMayStartARollout() {
    Response refused =
        as(TestToken.of("custodian").roles("secret-custodian"))
            .contentType("application/json")
            .body(
                """
                {"apiVersion": "penstock.dev/v1", "kind": "Secret",
                 "metadata": {"tenant": "acme", "name": "new"}, "spec": {"value": "v"}}\
                """)
            .post("/tenants/acme/secrets?rollout=waves");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.jsonPath().getString("errors[0].field")).isEqualTo("rollout");
  }

  @Test
  void refusesAnotherPace() {
    assertThat(admin().post("/revisions/" + base + "/rollback?rollout=slowly").statusCode())
        .isEqualTo(400);
    assertThat(admin().post("/rollouts/abc/resume").statusCode()).isEqualTo(400);
    assertThat(get("/rollouts/999999999").statusCode()).isEqualTo(404);
  }

  @Test
  void listsRolloutsByFilterAndOrder() {
    long first = inWaves(key("another")).jsonPath().getLong("revision");
    long second = inWaves(key("third")).jsonPath().getLong("revision");

    assertThat(get("/rollouts").jsonPath().getList("items.revision", Long.class))
        .containsExactly(second, first);
    assertThat(get("/rollouts?limit=1").jsonPath().getList("items[0].nodes.node"))
        .containsExactly(prefix + 0);
    assertThat(get("/rollouts?sort=revision").jsonPath().getList("items.revision", Long.class))
        .containsExactly(first, second);
    assertThat(get("/rollouts?state=running").jsonPath().getList("items.revision", Long.class))
        .containsExactly(second);
  }

  @Test
  void remembersTheLastThousand() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO policy.revision SELECT -n, 'operator', now(), '[]'"
              + " FROM generate_series(1, 1000) n");
      statement.execute(
          """
          INSERT INTO policy.rollout (revision, base_revision, author, started_at, state, wave,
            wave_at, looked_at, ended_at)
          SELECT -n, -n - 1, 'operator', now(), 'done', 'all', now(), now(), now()
          FROM generate_series(1, 1000) n\
          """);
    }

    long revision = inWaves(key("another")).jsonPath().getLong("revision");

    assertThat(
            get("/rollouts?limit=1000&sort=revision")
                .jsonPath()
                .getList("items.revision", Long.class))
        .hasSize(1000)
        .startsWith(-999L)
        .endsWith(revision);
  }

  /** One that has just started, and knows what is stored and nothing else. */
  private SnapshotPublisher replica() {
    return new SnapshotPublisher(store, new Fleet(), rollouts, ledger, watch, "", "", "");
  }

  private TestNode node(int number) {
    return nodes.get(number);
  }

  /** Nothing has come to these. */
  private void waits(int from, int to) {
    nodes.subList(from, to).forEach(TestNode::hearNothingButPong);
  }

  private static Response inWaves(String yaml) {
    Response answer =
        admin().contentType("application/yaml").body(yaml).post("/apply?rollout=waves");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private static JsonPath rollout(long revision) {
    return get("/rollouts/" + revision).jsonPath();
  }

  private static void awaitState(long revision, String state) {
    await().untilAsserted(() -> assertThat(rollout(revision).getString("state")).isEqualTo(state));
  }

  /** What a write has to say to the nodes has been handed to their sessions. */
  private void awaitPublished(Response write) {
    long revision = write.jsonPath().getLong("revision");
    await()
        .untilAsserted(() ->
            assertThat(snapshots.offer(REGION).orElseThrow().newest().revision())
                .isEqualTo(revision));
  }

  private long desired(int number) {
    return get("/nodes?name=" + prefix + number).jsonPath().getLong("items[0].desiredRevision");
  }

  private static List<String> audited(long revision) {
    return get("/audit-events?resource=Rollout " + revision).jsonPath().getList("items.action");
  }

  /** As many requests as the gate needs, decided under a revision. */
  private static void reports(
      TestNode node, long firstSeq, long revision, UnaryOperator<RequestRecord.Builder> outcome) {
    UsageBatch.Builder batch =
        UsageBatch.newBuilder().setSpoolId(node.spoolId.toString()).setFirstSeq(firstSeq);
    for (int i = 0; i < 200; i++) {
      RequestRecord.Builder request =
          Reported.served(node.name, REGION, UUID.randomUUID()).setPolicyRevision(revision);
      batch.addRecords(
          SpoolRecord.newBuilder()
              .setSeq(firstSeq + i)
              .setRequest(outcome.apply(request))
              .build()
              .toByteString());
    }
    node.say(NodeMessage.newBuilder().setUsageBatch(batch)).hear(MessageCase.USAGE_ACK);
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

  private static String bot() {
    return """
    apiVersion: penstock.dev/v1
    kind: Member
    metadata: { tenant: acme-health, name: bot }
    spec: { serviceAccount: true }
    """;
  }

  private static String policy(String model) {
    return """
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: acme, name: default }
    spec: { models: { allow: [assistant, %s, gone-global] } }
    """
        .formatted(model);
  }
}
