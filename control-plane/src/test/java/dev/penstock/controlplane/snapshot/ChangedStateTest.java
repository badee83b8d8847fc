package dev.penstock.controlplane.snapshot;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.PolicyStates;
import dev.penstock.controlplane.policy.StateRules;
import dev.penstock.controlplane.secret.DeliveryKeys;
import dev.penstock.controlplane.secret.Peppers;
import dev.penstock.controlplane.secret.TenantAliases;
import dev.penstock.kernel.snapshot.ResourceTree;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A write costs what it changes, and comes to what compiling everything from nothing comes to. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ChangedStateTest {

  private static final List<String> REGIONS = List.of("eu-west", "us-east");
  private static final List<String> TENANTS = List.of("acme", "acme-health", "acme-labs");

  @Inject SnapshotStore store;
  @Inject PolicyStates states;
  @Inject Peppers peppers;
  @Inject DeliveryKeys deliveryKeys;
  @Inject TenantAliases aliases;
  @Inject DataSource database;

  private final Map<Integer, Integer> outcomes = new HashMap<>(); // by the first digit

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void anyWritesComeToWhatCompilingFromNothingComesTo() throws SQLException {
    // Given
    long seed = Long.getLong("changed.seed", 4);
    Random random = new Random(seed);
    assertThat(apply(tenant("acme-labs", "acme", new Random(3))).statusCode()).isEqualTo(200);
    ResourceTree first = store.latest("eu-west").orElseThrow().tree();

    // When, Then
    for (int write = 0; write < Integer.getInteger("changed.writes", 80); write++) {
      change(random, write);
      if (write % 23 == 0) {
        anotherReplicaRevokesAKey();
      }
      assertSameAsFromNothing();
    }
    assertThat(store.latest("eu-west").orElseThrow().tree().digest()).isNotEqualTo(first.digest());
    assertThat(outcomes).as("seed " + seed).containsKeys(2, 4);
    assertThat(outcomes.get(2)).isGreaterThan(outcomes.get(4));
  }

  /** What readers that know nothing yet find, and readers that follow: the same, with its past. */
  private void assertSameAsFromNothing() {
    for (String region : REGIONS) {
      StoredSnapshot followed = store.latest(region).orElseThrow();
      StoredSnapshot read = new SnapshotStore(database).latest(region).orElseThrow();
      CompiledSnapshot scratch =
          QuarkusTransaction.requiringNew()
              .call(() ->
                  new RegionCompiler(region, deliveryKeys.ofRegion(region), aliases)
                      .compile(new Folds(provenState()), peppers.all()));
      assertThat(scratch.errors()).isEmpty();
      assertThat(followed.digest()).isEqualTo(scratch.digest()).isEqualTo(followed.tree().digest());
      assertThat(read.digest()).isEqualTo(scratch.digest());
      assertThat(read.resources()).isEqualTo(scratch.tree().resources());
      // Who has followed for longer may remember more.
      assertThat(followed.bases()).hasSizeGreaterThanOrEqualTo(read.bases().size());
      assertThat(read.bases())
          .isNotEmpty()
          .zipSatisfy(
              followed.bases().subList(0, read.bases().size()),
              (one, other) -> assertThat(one.digest()).isEqualTo(other.digest()));
    }
  }

  private PolicyState provenState() {
    PolicyState state = states.load();
    assertThat(StateRules.check(state)).isEmpty();
    return state;
  }

  private void change(Random random, int write) {
    String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
    String name = "app-" + random.nextInt(6);
    String added = "acme-" + name;
    String parent = random.nextBoolean() ? tenant : "acme-app-" + random.nextInt(6);
    Response done =
        switch (random.nextInt(24)) {
          case 0, 1, 2 -> apply(key(tenant, name, write));
          case 3 -> delete("/tenants/" + tenant + "/api-keys/" + name);
          case 4, 5 -> apply(policy(tenant, random));
          case 6, 7 -> apply(tenant(added, parent, random) + "---\n" + key(added, name, write));
          case 8 -> apply(tenant(added, parent, random));
          case 9 -> apply(policy(added, random) + "---\n" + budget(added, "", write));
          case 10 -> delete("/tenants/" + added + "?cascade=true&confirm=" + added);
          case 11 -> apply(key(tenant, name, write) + "---\n" + budget(tenant, name, write));
          case 12 -> delete("/tenants/" + tenant + "/budgets/of-a-key");
          case 13 -> apply(budget(tenant, "", write));
          case 14 -> apply(route(tenant, name, random));
          case 15 -> delete("/tenants/" + tenant + "/routes/" + name);
          case 16 -> apply(model(name, random));
          case 17 -> delete("/models/" + name);
          case 18 -> apply(secret(random, write) + "---\n" + provider(name, random));
          case 19 -> delete("/providers/" + name);
          case 20 -> apply(secret(random, write));
          case 21 -> apply(member(tenant, name));
          case 22 -> delete("/tenants/" + tenant + "/members/" + name);
          case 23 -> apply(region(name)); // a region without nodes gets a snapshot, too
          default -> throw new AssertionError();
        };
    outcomes.merge(done.statusCode() / 100, 1, Integer::sum);
    // What does not exist cannot be deleted, what is referred to neither, and a reference may lead
    // nowhere: none of these changes anything.
    assertThat(done.statusCode()).as(done.asString()).isIn(200, 204, 400, 404, 409, 422);
  }

  /** As another replica would: this one's memory does not know of it. */
  private void anotherReplicaRevokesAKey() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          WITH revoked AS (
            UPDATE policy.api_key SET revoked_at = now()
            WHERE key_id = (SELECT min(key_id) FROM policy.api_key WHERE revoked_at IS NULL)
            RETURNING tenant, name),
          head AS (UPDATE policy.head SET revision = revision + 1 RETURNING revision)
          INSERT INTO policy.revision (revision, author, at, changes)
          SELECT head.revision, 'another replica', now(), jsonb_build_array(jsonb_build_object(
            'kind', 'ApiKey', 'tenant', revoked.tenant, 'name', revoked.name, 'action', 'DELETED'))
          FROM head, revoked\
          """);
    }
    assertThat(apply(tenant("after-another", "acme", new Random(3))).statusCode()).isEqualTo(200);
    assertThat(delete("/tenants/after-another").statusCode()).isIn(200, 204);
  }

  private static String key(String tenant, String name, int write) {
    return """
    apiVersion: penstock.dev/v1
    kind: ApiKey
    metadata: { tenant: %s, name: %s }
    spec: { tags: { write: "%d" } }
    """
        .formatted(tenant, name, write);
  }

  private static String policy(String tenant, Random random) {
    String name = "app-" + random.nextInt(6);
    return """
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %s, name: default }
    spec:
      mode: %s
      models: { allow: [assistant%s] }
      residency: { regions: [%s] }
    """
        .formatted(
            tenant,
            random.nextInt(4) == 0 ? "observe" : "enforce",
            random.nextInt(3) == 0 ? ", " + name : "",
            random.nextBoolean() ? "eu-west, us-east" : "eu-west");
  }

  private static String tenant(String name, String parent, Random random) {
    return """
    apiVersion: penstock.dev/v1
    kind: Tenant
    metadata: { name: %s }
    spec: { parent: %s, suspended: %s, tags: { unit: u%d } }
    """
        .formatted(name, parent, random.nextInt(4) == 0, random.nextInt(3));
  }

  private static String budget(String tenant, String key, int write) {
    return """
    apiVersion: penstock.dev/v1
    kind: Budget
    metadata: { tenant: %s, name: %s }
    spec:
      scope: { %s }
      amount: "%d.00"
      window: { every: month, timeZone: UTC }
      mode: strict
    """
        .formatted(
            tenant,
            key.isEmpty() ? "whole" : "of-a-key",
            key.isEmpty() ? "" : "apiKey: " + key,
            5 + write);
  }

  private static String route(String tenant, String name, Random random) {
    return """
    apiVersion: penstock.dev/v1
    kind: Route
    metadata: { tenant: %s, name: %s }
    spec:
      model: %s
      groups: [[{ deployment: %s, weight: %d }]]
    """
        .formatted(
            tenant,
            name,
            "app-" + random.nextInt(6),
            random.nextBoolean() ? "assistant-eu" : "d-app-" + random.nextInt(6),
            1 + random.nextInt(3));
  }

  /** Now and then with a deployment that another model had before. */
  private static String model(String name, Random random) {
    return """
    apiVersion: penstock.dev/v1
    kind: Model
    metadata: { name: %s }
    spec:
      maxOutputTokens: %d
      deployments: [{ name: d-app-%d, provider: %s, upstreamModel: u, weight: 1 }]
    """
        .formatted(
            name,
            1000 + random.nextInt(3),
            random.nextInt(6),
            random.nextBoolean() ? "openai-eu" : "app-" + random.nextInt(6));
  }

  private static String provider(String name, Random random) {
    return """
    apiVersion: penstock.dev/v1
    kind: Provider
    metadata: { name: %s }
    spec:
      protocol: openai
      baseUrl: https://%s.example/v%d
      region: eu-west
      secret: { tenant: acme, name: extra }
    """
        .formatted(name, name, random.nextInt(3));
  }

  private static String secret(Random random, int write) {
    return """
    apiVersion: penstock.dev/v1
    kind: Secret
    metadata: { tenant: acme, name: extra }
    spec: { regions: [%s], value: { literal: value-%d } }
    """
        .formatted(random.nextBoolean() ? "eu-west" : "eu-west, us-east", write % 5);
  }

  private static String member(String tenant, String name) {
    return """
    apiVersion: penstock.dev/v1
    kind: Member
    metadata: { tenant: %s, name: %s }
    spec: { subject: %s@example, roles: [tenant-admin] }
    """
        .formatted(tenant, name, name);
  }

  private static String region(String name) {
    return """
    apiVersion: penstock.dev/v1
    kind: Region
    metadata: { name: r-%s }
    spec: { displayName: Another }
    """
        .formatted(name);
  }
}
