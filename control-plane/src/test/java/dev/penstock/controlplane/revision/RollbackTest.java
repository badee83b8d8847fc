package dev.penstock.controlplane.revision;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.controlplane.snapshot.StoredSnapshot;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An earlier content is stated again; what must not come back does not. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class RollbackTest {

  @Inject SnapshotStore store;

  private long good;

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    good = revision(apply(company()));
  }

  @Test
  void theContentOfTheRevisionIsInForceAgainUnderANewOne() {
    StoredSnapshot before = store.latest("eu-west").orElseThrow();
    revision(
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Policy
            metadata: { tenant: acme, name: default }
            spec: { models: { allow: [copilot] }, maxStaleness: 5m }
            ---
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: acme-health }
            spec: { parent: acme, tags: { businessUnit: other } }
            ---
            apiVersion: penstock.dev/v1
            kind: Route
            metadata: { tenant: acme, name: r }
            spec: { model: smart, groups: [[{ deployment: assistant-eu }]] }
            ---
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: acme-new }
            spec: { parent: acme-health }
            ---
            apiVersion: penstock.dev/v1
            kind: Policy
            metadata: { tenant: acme-new, name: default }
            spec: { models: { allow: [] } }
            ---
            apiVersion: penstock.dev/v1
            kind: Region
            metadata: { name: ap-south }
            spec: {}
            """));
    revision(delete("/tenants/acme-health/budgets/month"));
    long bad = revision(delete("/tenants/acme-health/policies/default"));

    Response plan = rollback(good, "?dryRun=true");
    Response done = rollback(good, "");

    assertThat(plan.statusCode()).as(plan.asString()).isEqualTo(200);
    assertThat(plan.jsonPath().getList("changes.name"))
        .containsExactlyInAnyOrderElementsOf(done.jsonPath().getList("changes.name"));
    assertThat(plan.jsonPath().getList("impact.sentences").toString())
        .contains("tenant acme-health gains model assistant");
    assertThat(done.jsonPath().getLong("revision")).isEqualTo(bad + 1);
    assertThat(done.jsonPath().getLong("rollbackOf")).isEqualTo(good);
    assertThat(get("/tenants/acme-new").statusCode()).isEqualTo(404);
    assertThat(get("/regions/ap-south").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme/routes/r").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme-health").jsonPath().getString("spec.displayName"))
        .isEqualTo("Acme Health");
    assertThat(get("/tenants/acme/policies/default").jsonPath().getString("spec.maxStaleness"))
        .isNull();
    StoredSnapshot after = store.latest("eu-west").orElseThrow();
    assertThat(after.rollbackOf()).isEqualTo(good);
    // All is as it was but the id of the budget, which began anew.
    assertThat(before.tree().deltaTo(after.tree()).resources())
        .extracting(resource -> resource.key())
        .containsExactly("tenant/acme-health/policy");
    assertThat(left(done)).containsExactly("Budget month");
    assertThat(get("/revisions?limit=1").jsonPath().getLong("items[0].rollbackOf")).isEqualTo(good);
    assertThat(get("/audit-events?action=rollback&limit=1").jsonPath().getList("items.resource"))
        .containsExactly("Revision " + good);
  }

  @Test
  void whatWasRevokedSuspendedOrGivenStaysSo() {
    revision(delete("/tenants/acme-health/budgets/month"));
    revision(delete("/tenants/acme-health/api-keys/support-assistant"));
    revision(
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: acme-health }
            spec: { parent: acme, suspended: true }
            ---
            apiVersion: penstock.dev/v1
            kind: ApiKey
            metadata: { tenant: acme, name: newer }
            spec: {}
            ---
            apiVersion: penstock.dev/v1
            kind: Member
            metadata: { tenant: acme, name: alice }
            spec: { subject: alice@acme.example, roles: [tenant-admin] }
            ---
            apiVersion: penstock.dev/v1
            kind: Secret
            metadata: { tenant: acme, name: openai-eu }
            spec: { regions: [eu-west], value: { literal: sk-another } }
            ---
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: acme-new }
            spec: { parent: acme }
            ---
            apiVersion: penstock.dev/v1
            kind: Policy
            metadata: { tenant: acme-new, name: default }
            spec: { models: { allow: [] } }
            ---
            apiVersion: penstock.dev/v1
            kind: ApiKey
            metadata: { tenant: acme-new, name: app }
            spec: {}
            """));

    Response done = rollback(good, "");

    assertThat(left(done))
        .containsExactlyInAnyOrder(
            "Budget month",
            "ApiKey support-assistant",
            "Tenant acme-health",
            "ApiKey newer",
            "Member alice",
            "Secret openai-eu",
            "ApiKey app",
            "Tenant acme-new");
    assertThat(get("/tenants/acme-health/api-keys/support-assistant").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme-health").jsonPath().getBoolean("spec.suspended")).isTrue();
    assertThat(get("/tenants/acme-health").jsonPath().getString("spec.displayName"))
        .isEqualTo("Acme Health");
    assertThat(get("/tenants/acme/api-keys/newer").statusCode()).isEqualTo(200);
    assertThat(get("/tenants/acme/members/alice").statusCode()).isEqualTo(200);
    // It was closed, and would have been opened to all that its ancestors may.
    assertThat(get("/tenants/acme-new/policies/default").statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyGetsItsModelsBackButNotItsLife() {
    revision(
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: ApiKey
            metadata: { tenant: acme-health, name: support-assistant }
            spec: { models: [gone-global], tags: { app: support }, expiresAt: 2026-12-01T00:00:00Z }
            """));

    Response done = rollback(good, "");

    assertThat(left(done)).containsExactly("ApiKey support-assistant");
    Response key = get("/tenants/acme-health/api-keys/support-assistant");
    assertThat(key.jsonPath().getList("spec.models")).isEqualTo(List.of("assistant"));
    assertThat(key.jsonPath().getString("spec.expiresAt")).isEqualTo("2026-12-01T00:00:00Z");
  }

  @Test
  void whatNoLongerFitsIsNamedAndNothingIsDone() {
    revision(
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Model
            metadata: { name: assistant }
            spec: { deployments: [{ name: assistant-us, provider: openai-us, upstreamModel: u }] }
            """));
    revision(delete("/providers/openai-eu"));
    long head = revision(delete("/tenants/acme/secrets/openai-eu"));

    Response refused = rollback(good, "");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("Provider openai-eu", "Secret acme/openai-eu");
    assertThat(get("/revisions?limit=1").jsonPath().getLong("items[0].revision")).isEqualTo(head);
    assertThat(get("/providers/openai-eu").statusCode()).isEqualTo(404);
  }

  @Test
  void aRollbackCanBeRolledBack() {
    revision(delete("/tenants/acme-health/budgets/month"));
    long without = revision(delete("/tenants/acme-health/policies/default"));
    rollback(good, "");
    assertThat(get("/tenants/acme-health/policies/default").statusCode()).isEqualTo(200);

    rollback(without, "");

    assertThat(get("/tenants/acme-health/policies/default").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme-health/budgets/month").statusCode()).isEqualTo(404);
  }

  @Test
  void thePresentRevisionChangesNothing() {
    Response done = rollback(good, "");
    assertThat(done.jsonPath().getLong("revision")).isEqualTo(good);
    assertThat(done.jsonPath().getList("changes")).isEmpty();
  }

  @Test
  void refusesWhatItCannotMean() {
    assertThat(rollback(999, "").statusCode()).isEqualTo(404);
    assertThat(admin().post("/revisions/x/rollback").statusCode()).isEqualTo(400);
    Response seen =
        admin().header("If-Match", "\"revision-1\"").post("/revisions/" + good + "/rollback");
    assertThat(seen.statusCode()).isEqualTo(412);
  }

  @Test
  void refusesToGoBackToWhatIsNotKept() throws SQLException {
    revision(delete("/tenants/acme-health/budgets/month"));
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM policy.resource_change");
    }

    Response refused = rollback(good, "");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("is not kept");
  }

  @Test
  void theHistoryHoldsNoSecretAndNoKey() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT count(*), count(*) FILTER (WHERE after::text ~ 'sk-|pens_|hash|literal')
                FROM policy.resource_change\
                """)) {
      row.next();
      assertThat(row.getLong(1)).isGreaterThan(10);
      assertThat(row.getLong(2)).isZero();
    }
  }

  private static Response rollback(long revision, String query) {
    return admin().post("/revisions/" + revision + "/rollback" + query);
  }

  private static List<String> left(Response done) {
    assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
    List<String> kinds = done.jsonPath().getList("leftAlone.kind");
    List<String> names = done.jsonPath().getList("leftAlone.name");
    return java.util.stream.IntStream.range(0, kinds.size())
        .mapToObj(i -> kinds.get(i) + " " + names.get(i))
        .toList();
  }

  private static long revision(Response done) {
    assertThat(done.statusCode()).as(done.asString()).isBetween(200, 204);
    return Long.parseLong(done.header("x-penstock-revision"));
  }
}
