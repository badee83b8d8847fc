package dev.penstock.controlplane.snapshot;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.policy.PolicyStates;
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
import java.util.List;
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

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void anyWritesComeToWhatCompilingFromNothingComesTo() throws SQLException {
    // Given
    Random random = new Random(4);
    assertThat(apply(tenant("acme-labs")).statusCode()).isEqualTo(200);
    ResourceTree first = store.latest("eu-west").orElseThrow().tree();

    // When, Then
    for (int write = 0; write < 60; write++) {
      change(random, write);
      if (write % 7 == 0) {
        anotherReplicaRevokesAKey();
      }
      assertSameAsFromNothing();
    }
    assertThat(store.latest("eu-west").orElseThrow().tree().digest()).isNotEqualTo(first.digest());
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
                      .compile(states.load(), peppers.all()));
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

  private void change(Random random, int write) {
    String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
    String name = "app-" + random.nextInt(6);
    Response done =
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3 -> apply(key(tenant, name, write));
          case 4, 5 -> delete("/tenants/" + tenant + "/api-keys/" + name);
          case 6 -> apply(policy(tenant, random.nextBoolean()));
          case 7 -> apply(tenant("acme-" + name));
          case 8 -> delete("/tenants/acme-" + name);
          case 9 -> apply(key(tenant, name, write) + "---\n" + budget(tenant, name));
          default -> throw new AssertionError();
        };
    // What does not exist cannot be deleted, what is referred to neither: both change nothing.
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
    assertThat(apply(tenant("after-another")).statusCode()).isEqualTo(200);
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

  private static String policy(String tenant, boolean everywhere) {
    return """
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %s, name: default }
    spec: { residency: { regions: [%s] } }
    """
        .formatted(tenant, everywhere ? "eu-west, us-east" : "eu-west");
  }

  private static String tenant(String name) {
    return """
    apiVersion: penstock.dev/v1
    kind: Tenant
    metadata: { name: %s }
    spec: { parent: acme }
    """
        .formatted(name);
  }

  private static String budget(String tenant, String key) {
    return """
    apiVersion: penstock.dev/v1
    kind: Budget
    metadata: { tenant: %s, name: of-a-key }
    spec:
      scope: { apiKey: %s }
      amount: "5.00"
      window: { every: month, timeZone: UTC }
      mode: strict
    """
        .formatted(tenant, key);
  }
}
