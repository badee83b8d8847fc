package dev.penstock.controlplane.tenant;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
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

/** A tenant that is moved, suspended, brought in under observation, deleted. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class TenantLifeTest {

  private static final String LABS =
      """
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: acme-labs }
      spec: { parent: acme }
      ---
      apiVersion: penstock.dev/v1
      kind: Policy
      metadata: { tenant: acme-labs, name: default }
      spec: { models: { allow: [copilot] } }
      ---
      apiVersion: penstock.dev/v1
      kind: Budget
      metadata: { tenant: acme-labs, name: day }
      spec: { amount: "10.00", window: { every: day } }
      """;

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
    assertThat(apply(LABS).statusCode()).isEqualTo(200);
  }

  @Test
  void bindsAMovedTenantByItsNewAncestors() {
    assertThat(move("acme-health", "acme-labs").statusCode()).isEqualTo(200);

    Response explained = get("/tenants/acme-health/effective-policy");

    assertThat(explained.jsonPath().getList("path"))
        .isEqualTo(List.of("acme", "acme-labs", "acme-health"));
    assertThat(explained.jsonPath().getList("models.value")).isEmpty();
    assertThat(explained.jsonPath().getList("budgets.amount"))
        .isEqualTo(List.of("1000000.00", "10.00", "5000.00"));
  }

  @Test
  void refusesToMoveATenantBelowItself() {
    assertThat(move("acme-health", "acme-labs").statusCode()).isEqualTo(200);

    Response refused = move("acme-labs", "acme-health");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field")).contains("spec.parent");
    assertThat(get("/tenants/acme-labs").jsonPath().getString("spec.parent")).isEqualTo("acme");
  }

  @Test
  void refusesToMoveATenantSoThatWhatIsBelowItWouldBeTooDeep() {
    StringBuilder chain = new StringBuilder();
    for (int level = 3; level <= TenantTree.MAX_LEVELS; level++) {
      chain.append(
          """
          ---
          apiVersion: penstock.dev/v1
          kind: Tenant
          metadata: { name: level-%d }
          spec: { parent: %s }
          """
              .formatted(level, level == 3 ? "acme-labs" : "level-" + (level - 1)));
    }
    assertThat(apply(chain.toString()).statusCode()).isEqualTo(200);

    Response refused = move("acme-labs", "acme-health");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("would be level 13 (expected: at most 12)");
  }

  @Test
  void explainsWhoSuspendedATenantAndWhatItObserves() {
    put(
        "/tenants/acme",
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Tenant", "metadata": {"name": "acme"},
         "spec": {"suspended": true}}\
        """);
    put(
        "/tenants/acme-health/policies/default",
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Policy", "metadata": {"name": "default"},
         "spec": {"mode": "observe", "models": {"allow": ["assistant"]}}}\
        """);

    Response explained = get("/tenants/acme-health/effective-policy");

    Map<String, String> root = Map.of("kind", "Policy", "tenant", "acme", "name", "default");
    Map<String, String> own = Map.of("kind", "Policy", "tenant", "acme-health", "name", "default");
    assertThat(explained.jsonPath().getMap("suspended"))
        .isEqualTo(
            Map.of("value", true, "from", List.of(Map.of("kind", "Tenant", "name", "acme"))));
    assertThat(explained.jsonPath().getMap("mode"))
        .isEqualTo(Map.of("value", "observe", "from", List.of(own)));
    assertThat(explained.jsonPath().getMap("models"))
        .isEqualTo(
            Map.of(
                "value",
                List.of("assistant", "copilot"),
                "from",
                List.of(root),
                "observed",
                Map.of("value", List.of("assistant"), "from", List.of(own))));
    assertThat(explained.jsonPath().getMap("requiredTags.app"))
        .isEqualTo(
            Map.of(
                "from",
                List.of(Map.of("kind", "Tenant", "name", "acme-health")),
                "observed",
                true));
  }

  @Test
  void makesANewTenantClosedInOneRevision() {
    String manifest =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Tenant", "metadata": {"name": "acme-retail"},
         "spec": {"parent": "acme"}}\
        """;

    assertThat(post("/tenants?template=open", manifest).statusCode()).isEqualTo(400);
    assertThat(post("/regions?template=closed", manifest).statusCode()).isGreaterThan(399);
    Response created = post("/tenants?template=closed", manifest);

    assertThat(created.statusCode()).as(created.asString()).isEqualTo(201);
    Response explained = get("/tenants/acme-retail/effective-policy");
    assertThat(explained.jsonPath().getList("models.value")).isEmpty();
    assertThat(explained.jsonPath().getString("unknownPrice.value")).isEqualTo("refuse");
    assertThat(get("/revisions?limit=1").jsonPath().getList("items[0].changes.kind"))
        .isEqualTo(List.of("Tenant", "Policy"));
  }

  @Test
  void saysWhatADeletionWouldTakeAlongAndTakesNothing() {
    move("acme-labs", "acme-health");

    Response refused = delete("/tenants/acme-health");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.jsonPath().getList("errors.field"))
        .isEqualTo(List.of("confirm", "policies", "api-keys", "budgets", "tenants"));
    assertThat(refused.jsonPath().getList("errors.detail", String.class))
        .anySatisfy(detail -> assertThat(detail).contains("?cascade=true&confirm=acme-health"))
        .contains(
            "2: acme-health/default, acme-labs/default",
            "1: acme-health/support-assistant",
            "2: acme-health/month, acme-labs/day",
            "1: acme-labs");
    assertThat(get("/tenants/acme-labs").statusCode()).isEqualTo(200);
  }

  @Test
  void takesAlongWhatWasConfirmed() {
    move("acme-labs", "acme-health");

    assertThat(delete("/tenants/acme-health?cascade=true").statusCode()).isEqualTo(400);
    assertThat(delete("/tenants/acme-health?cascade=true&confirm=acme").statusCode())
        .isEqualTo(400);
    assertThat(delete("/tenants/acme-health?confirm=acme-health").statusCode()).isEqualTo(400);
    assertThat(delete("/models/copilot?cascade=true&confirm=copilot").statusCode()).isEqualTo(400);
    Response deleted = delete("/tenants/acme-health?cascade=true&confirm=acme-health");

    assertThat(deleted.statusCode()).as(deleted.asString()).isEqualTo(204);
    assertThat(get("/tenants/acme-health").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme-labs").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme").statusCode()).isEqualTo(200);
    assertThat(get("/audit-events?tenant=acme-health&limit=7").jsonPath().getList("items.resource"))
        .isEqualTo(
            List.of(
                "Tenant acme-health",
                "Tenant acme-labs",
                "Budget acme-labs/day",
                "Budget acme-health/month",
                "ApiKey acme-health/support-assistant",
                "Policy acme-labs/default",
                "Policy acme-health/default"));
  }

  @Test
  void keepsASubtreeWhoseSecretAProviderUses() {
    Response refused = delete("/tenants/acme?cascade=true&confirm=acme");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.jsonPath().getList("errors.field"))
        .contains("Provider openai-eu spec.secret");
    assertThat(get("/tenants/acme-health").statusCode()).isEqualTo(200);
  }

  private static Response move(String tenant, String parent) {
    String manifest = get("/tenants/" + tenant).asString();
    return put(
        "/tenants/" + tenant,
        manifest.replaceFirst("\"parent\":\"[a-z-]+\"", "\"parent\":\"" + parent + "\""));
  }
}
