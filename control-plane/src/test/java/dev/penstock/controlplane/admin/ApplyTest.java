package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.AdminClient;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.kernel.apikey.ApiKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ApplyTest {

  @Inject SnapshotStore snapshots;

  @BeforeEach
  void reset() throws SQLException {
    TestDatabase.reset();
  }

  @Test
  void putsACompanyInForceUnderOneRevision() {
    long before = head();
    Response applied = apply(company());
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
    assertThat(applied.jsonPath().getLong("revision")).isEqualTo(before + 1);
    assertThat(applied.jsonPath().getList("changes")).hasSize(16);
    assertThat(applied.jsonPath().getList("changes.action")).containsOnly("created");
    assertThat(applied.jsonPath().getMap("changes[0]"))
        .isEqualTo(
            Map.of(
                "kind", "ApiKey",
                "tenant", "acme-health",
                "name", "support-assistant",
                "action", "created"));
    assertThat(applied.jsonPath().getMap("changes[12]")).containsEntry("tenant", null);
    assertThat(applied.jsonPath().getList("keys.name")).isEqualTo(List.of("support-assistant"));
    assertThat(ApiKey.parse(applied.jsonPath().getString("keys[0].key"))).isPresent();
    assertThat(snapshots.latest("eu-west").orElseThrow().revision()).isEqualTo(before + 1);
    assertThat(snapshots.latest("us-east").orElseThrow().revision()).isEqualTo(before + 1);
  }

  @Test
  void changesNothingWhenRepeated() {
    long revision = apply(company()).jsonPath().getLong("revision");
    Response again = apply(company());
    assertThat(again.jsonPath().getLong("revision")).isEqualTo(revision);
    assertThat(again.jsonPath().getList("changes.action")).containsOnly("unchanged");
    assertThat(again.jsonPath().getList("keys")).isEmpty();
    assertThat(snapshots.latest("eu-west").orElseThrow().revision()).isEqualTo(revision);
  }

  @Test
  void plansWithoutDoing() {
    long before = head();
    Response planned = plan(company());
    assertThat(planned.statusCode()).isEqualTo(200);
    assertThat(planned.jsonPath().getList("changes.action")).containsOnly("created").hasSize(16);
    assertThat(planned.asString()).doesNotContain("pens_");
    assertThat(head()).isEqualTo(before);
    assertThat(get("/tenants").jsonPath().getList("items")).isEmpty();
    assertThat(snapshots.latest("eu-west")).isEmpty();
  }

  @Test
  void doesAllOrNothing() {
    apply(company());
    long before = head();
    Response refused =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Region
            metadata: { name: ap-south }
            spec: {}
            ---
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: acme-labs }
            spec: { parent: nobody }
            """);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.contentType()).isEqualTo("application/problem+json");
    assertThat(refused.jsonPath().getList("errors.field"))
        .isEqualTo(List.of("items[1].spec.parent"));
    assertThat(get("/regions/ap-south").statusCode()).isEqualTo(404);
    assertThat(head()).isEqualTo(before);
  }

  @Test
  void takesJson() {
    String json =
        """
        {"items": [{"apiVersion": "penstock.dev/v1", "kind": "Region",
          "metadata": {"name": "eu-west"}, "spec": {"jurisdiction": "EU"}}]}\
        """;
    assertThat(AdminClient.post("/apply", json).jsonPath().getList("changes.action"))
        .isEqualTo(List.of("created"));
    String array =
        """
        [{"apiVersion": "penstock.dev/v1", "kind": "Region",
          "metadata": {"name": "eu-west"}, "spec": {"jurisdiction": "DE"}}]\
        """;
    assertThat(AdminClient.post("/apply", array).jsonPath().getList("changes.action"))
        .isEqualTo(List.of("updated"));
  }

  @Test
  void refusesAManifestThatOccursTwice() {
    String region = "apiVersion: penstock.dev/v1\nkind: Region\nmetadata: { name: eu }\n---\n";
    Response refused = apply(region + region);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field"))
        .isEqualTo(List.of("items[1].metadata.name"));
  }

  @Test
  void movesADeploymentBetweenModelsInOneApply() {
    apply(company());
    Response moved =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Model
            metadata: { name: gone-global }
            spec: { deployments: [{ name: copilot-us, provider: openai-us, upstreamModel: x }] }
            ---
            apiVersion: penstock.dev/v1
            kind: Model
            metadata: { name: copilot }
            spec: {}
            """);
    assertThat(moved.statusCode()).as(moved.asString()).isEqualTo(200);
  }

  @Test
  void putsANewRootAboveTheOldOneInOneApply() {
    apply(company());
    Response moved =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: holding }
            spec: {}
            ---
            apiVersion: penstock.dev/v1
            kind: Tenant
            metadata: { name: acme }
            spec: { parent: holding }
            """);
    assertThat(moved.statusCode()).as(moved.asString()).isEqualTo(200);
    assertThat(get("/tenants/acme-health/effective-policy").jsonPath().getList("path"))
        .isEqualTo(List.of("holding", "acme", "acme-health"));
  }

  @Test
  void recordsWhoChangedWhat() {
    apply(company());
    AdminClient.delete("/tenants/acme-health/budgets/month");
    Response revisions = get("/revisions?limit=1");
    assertThat(revisions.jsonPath().getLong("items[0].revision")).isEqualTo(head());
    assertThat(revisions.jsonPath().getString("items[0].author")).isEqualTo("admin-token");
    assertThat(revisions.jsonPath().getMap("items[0].changes[0]"))
        .isEqualTo(
            Map.of(
                "kind", "Budget", "tenant", "acme-health", "name", "month", "action", "deleted"));
    String cursor = revisions.jsonPath().getString("nextCursor");
    Response older = get("/revisions?limit=1&cursor=" + cursor);
    assertThat(older.jsonPath().getList("items[0].changes")).hasSize(16);
    assertThat(older.jsonPath().getString("nextCursor")).isNull();
  }

  private static long head() {
    try (var connection = TestDatabase.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT revision FROM policy.head")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
