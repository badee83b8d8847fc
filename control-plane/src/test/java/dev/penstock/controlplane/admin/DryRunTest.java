package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a write would do is told, and not done. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class DryRunTest {

  private static final String POLICY = "/tenants/acme/policies/default";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsWhatReplacingAPolicyMeans() {
    // Given
    Response shown = get(POLICY);

    // When
    Response told =
        admin()
            .header("If-Match", shown.header("ETag"))
            .contentType("application/json")
            .body(shown.asString().replace("\"assistant\",", ""))
            .put(POLICY + "?dryRun=true");

    // Then
    assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
    assertThat(told.jsonPath().getList("changes.action")).isEqualTo(List.of("updated"));
    assertThat(told.jsonPath().getMap("changes[0].fields[0]"))
        .isEqualTo(
            Map.of(
                "field", "spec.models.allow",
                "from", List.of("assistant", "copilot"),
                "to", List.of("copilot")));
    assertThat(told.jsonPath().getList("impact.sentences"))
        .isEqualTo(
            List.of(
                "tenant acme loses model assistant", "tenant acme-health loses model assistant"));
    assertThat(told.jsonPath().getInt("impact.tenants")).isEqualTo(2);
    assertThat(told.jsonPath().getInt("impact.apiKeys")).isEqualTo(1);
    assertThat(get(POLICY).header("ETag")).isEqualTo(shown.header("ETag"));
  }

  @Test
  void tellsWhatCreatingMeansAndMintsNothing() throws SQLException {
    // When
    Response told =
        post(
            "/tenants/acme/api-keys?dryRun=true",
            """
            {"apiVersion": "penstock.dev/v1", "kind": "ApiKey", "metadata": {"name": "k"},
             "spec": {}}\
            """);

    // Then
    assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
    assertThat(told.jsonPath().getList("impact.sentences"))
        .isEqualTo(List.of("API key acme/k is created"));
    assertThat(told.asString()).doesNotContain("pens_");
    assertThat(get("/tenants/acme/api-keys/k").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsWhatDeletingMeans() {
    // When
    Response told = admin().delete("/tenants/acme-health/api-keys/support-assistant?dryRun=true");

    // Then
    assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
    assertThat(told.jsonPath().getList("changes.action")).isEqualTo(List.of("deleted"));
    assertThat(told.jsonPath().getList("impact.sentences"))
        .isEqualTo(List.of("API key acme-health/support-assistant is revoked"));
    assertThat(get("/tenants/acme-health/api-keys/support-assistant").statusCode()).isEqualTo(200);
    assertThat(admin().delete("/regions/eu-west?dryRun=true").statusCode()).isEqualTo(409);
  }

  @Test
  void tellsOfABudgetThatIsRaised() {
    // When
    Response told = plan(company().replace("\"5000.00\"", "\"6000.00\""));

    // Then
    assertThat(told.jsonPath().getList("impact.sentences"))
        .isEqualTo(List.of("budget acme-health/month is raised from 5000.00 USD to 6000.00 USD"));
    assertThat(told.header("ETag"))
        .isEqualTo("\"revision-" + told.jsonPath().getLong("revision") + "\"");
  }

  @Test
  void keepsASecretsValueWhereAManifestHasNone() {
    // Given
    String shown = get("/tenants/acme/secrets/openai-eu").asString();

    // When
    Response same = post("/plan", "[" + shown + "]");
    Response moved =
        post("/apply", "[" + shown.replace("\"eu-west\"", "\"eu-west\",\"us-east\"") + "]");

    // Then
    assertThat(same.jsonPath().getList("changes.action")).isEqualTo(List.of("unchanged"));
    assertThat(moved.jsonPath().getList("changes.action")).isEqualTo(List.of("updated"));
    assertThat(
            apply(
                    """
                    apiVersion: penstock.dev/v1
                    kind: Secret
                    metadata: { tenant: acme, name: openai-eu }
                    spec: { regions: [eu-west, us-east], value: { literal: sk-eu-4f9c2e71 } }
                    """)
                .jsonPath()
                .getList("changes.action"))
        .isEqualTo(List.of("unchanged"));
  }

  @Test
  void prunesWhatTheManifestsCoverAndDoNotHold() {
    // Given: all of acme-health but its budget, and another model than copilot
    String manifests =
        String.join(
                "\n---\n",
                List.of(company().split("\n---\n")).stream()
                    .filter(each -> !each.contains("name: month") && !each.contains("copilot-us"))
                    .toList())
            .replace("[assistant, copilot]", "[assistant]");

    // When
    Response told =
        admin().contentType("application/yaml").body(manifests).post("/plan?prune=true");
    Response done =
        admin()
            .contentType("application/yaml")
            .header("If-Match", told.header("ETag"))
            .body(manifests)
            .post("/apply?prune=true");

    // Then
    assertThat(told.statusCode()).as(told.asString()).isEqualTo(200);
    assertThat(told.jsonPath().getList("changes.findAll { it.action == 'deleted' }.name"))
        .isEqualTo(List.of("month", "copilot"));
    assertThat(done.statusCode()).as(done.asString()).isEqualTo(200);
    assertThat(done.jsonPath().getLong("revision"))
        .isEqualTo(told.jsonPath().getLong("revision") + 1);
    assertThat(get("/models/copilot").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme-health/budgets/month").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme/budgets/year").statusCode()).isEqualTo(200);
  }

  @Test
  void prunesATenantWithWhatItOwns() {
    // When
    Response told =
        admin()
            .contentType("application/yaml")
            .body("apiVersion: penstock.dev/v1\nkind: Tenant\nmetadata: { name: acme }\nspec: {}")
            .post("/apply?prune=true&dryRun=true");

    // Then: what acme owns is covered, too, and its secrets are in use
    assertThat(told.statusCode()).isEqualTo(422);
    assertThat(told.jsonPath().getList("errors.field")).contains("Provider openai-eu spec.secret");
  }
}
