package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.kernel.apikey.ApiKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ResourcesTest {

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/regions/eu-west",
        "/tenants/acme",
        "/tenants/acme-health",
        "/providers/openai-eu",
        "/models/assistant",
        "/models/gone-global",
        "/tenants/acme/policies/default",
        "/tenants/acme-health/policies/default",
        "/tenants/acme-health/budgets/month",
        "/tenants/acme-health/api-keys/support-assistant",
      })
  void comesBackAsItMayBeSent(String path) {
    Response shown = get(path);
    assertThat(shown.statusCode()).as(shown.asString()).isEqualTo(200);
    Response replaced = put(path, shown.asString());
    assertThat(replaced.statusCode()).as(replaced.asString()).isEqualTo(200);
    assertThat(replaced.jsonPath().getMap("")).isEqualTo(shown.jsonPath().getMap(""));
    Response planned = post("/plan", "[" + shown.asString() + "]");
    assertThat(planned.jsonPath().getList("changes.action")).isEqualTo(List.of("unchanged"));
  }

  @Test
  void showsWhatWasStated() {
    assertThat(get("/models/assistant").jsonPath().getMap("spec"))
        .isEqualTo(
            Map.of(
                "contextTokens", 200000,
                "maxOutputTokens", 64000,
                "capabilities", List.of("json-schema", "tools"),
                "prices",
                    List.of(
                        price("2026-01-01T00:00:00Z", Map.of("input", "2.00", "output", "10.00")),
                        price(
                            "2026-06-01T00:00:00Z",
                            Map.of("input", "1.50", "cacheRead", "0.15", "output", "8.00"))),
                "deployments",
                    List.of(
                        Map.of(
                            "name", "assistant-eu",
                            "provider", "openai-eu",
                            "upstreamModel", "sim-n20-b24-d20000-t50000-g1",
                            "weight", 100),
                        Map.of(
                            "name", "assistant-us",
                            "provider", "openai-us",
                            "upstreamModel", "sim-n20",
                            "weight", 0,
                            "prices",
                                List.of(
                                    Map.of(
                                        "validFrom",
                                        "2026-01-01T00:00:00Z",
                                        "perMillionTokens",
                                        Map.of(
                                            "input", "1.00",
                                            "cacheRead", "0.10",
                                            "cacheWrite5m", "1.25",
                                            "cacheWrite1h", "2.00",
                                            "audioInput", "32.00",
                                            "output", "5.00",
                                            "reasoning", "6.00",
                                            "audioOutput", "64.00"),
                                        "tiers",
                                        List.of(
                                            Map.of(
                                                "fromInputTokens",
                                                272000,
                                                "perMillionTokens",
                                                Map.of("input", "2.00", "output", "7.50"))),
                                        "serviceTiers",
                                        Map.of("flex", "0.5", "priority", "1.75")))))));
    assertThat(get("/tenants/acme-health/budgets/month").jsonPath().getMap("spec"))
        .isEqualTo(
            Map.of(
                "scope", Map.of("apiKey", "support-assistant", "model", "assistant"),
                "amount", "5000.00",
                "window", Map.of("every", "month", "timeZone", "Europe/Berlin"),
                "mode", "strict",
                "thresholds", List.of(Map.of("at", "100%", "action", "cap"))));
    assertThat(get("/tenants/acme/policies/default").jsonPath().getMap("spec"))
        .isEqualTo(
            Map.of(
                "mode", "enforce",
                "models", Map.of("allow", List.of("assistant", "copilot")),
                "unknownPrice", Map.of("ceilingPerMillionTokens", "50.00")));
    assertThat(get("/tenants/acme-health").jsonPath().getMap(""))
        .isEqualTo(
            Map.of(
                "apiVersion",
                "penstock.dev/v1",
                "kind",
                "Tenant",
                "metadata",
                Map.of("name", "acme-health"),
                "spec",
                Map.of(
                    "parent", "acme",
                    "displayName", "Acme Health",
                    "timeZone", "Europe/Berlin",
                    "tags", Map.of("businessUnit", "health", "costCenter", "4411"),
                    "requiredTags", List.of("app"))));
    assertThat(get("/providers/openai-eu").jsonPath().getMap("spec"))
        .isEqualTo(
            Map.of(
                "protocol", "openai",
                "baseUrl", "http://127.0.0.1:8090/v1",
                "region", "eu-west",
                "secret", Map.of("tenant", "acme", "name", "openai-eu"),
                "compliance", List.of("hipaa-baa", "zero-retention")));
  }

  private static Map<String, Object> price(String from, Map<String, String> amounts) {
    return Map.of("validFrom", from, "perMillionTokens", amounts);
  }

  @Test
  void listsPageByPage() {
    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      Response page = get("/models?limit=2" + cursor);
      assertThat(page.statusCode()).isEqualTo(200);
      names.addAll(page.jsonPath().getList("items.metadata.name", String.class));
      String next = page.jsonPath().getString("nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
    } while (cursor != null);
    assertThat(names).containsExactly("assistant", "copilot", "gone-global");
    assertThat(get("/tenants/acme/secrets").jsonPath().getList("items.metadata.name"))
        .isEqualTo(List.of("openai-eu", "openai-us"));
    assertThat(get("/tenants/acme-health/secrets").jsonPath().getList("items")).isEmpty();
    assertThat(get("/tenants/acme-health/policies").jsonPath().getList("items")).hasSize(1);
  }

  @Test
  void numbersEveryWrite() {
    long before = head(put("/regions/eu-west", get("/regions/eu-west").asString()));
    String changed = get("/regions/eu-west").asString().replace("\"EU\"", "\"DE\"");
    assertThat(head(put("/regions/eu-west", changed))).isEqualTo(before + 1);
    assertThat(head(put("/regions/eu-west", changed))).isEqualTo(before + 1);
  }

  private static long head(Response written) {
    return Long.parseLong(written.header("x-penstock-revision"));
  }

  @Test
  void showsANewKeyOnce() {
    String manifest =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "ApiKey",
         "metadata": {"name": "batch"}, "spec": {}}\
        """;
    Response created = post("/tenants/acme-health/api-keys", manifest);
    assertThat(created.statusCode()).isEqualTo(201);
    String key = created.jsonPath().getString("key");
    assertThat(ApiKey.parse(key)).isPresent();
    assertThat(created.header("Cache-Control")).isEqualTo("no-store");
    assertThat(get("/tenants/acme-health/api-keys/batch").asString()).doesNotContain(key);
    assertThat(get("/tenants/acme-health/api-keys").asString()).doesNotContain("pens_");
    assertThat(get("/revisions").asString()).doesNotContain("pens_");
  }

  @Test
  void revokesAKeyWhateverRefersToItAndGivesItsNameFree() {
    String path = "/tenants/acme-health/api-keys/support-assistant";
    assertThat(delete(path).statusCode()).isEqualTo(204);
    assertThat(get(path).statusCode()).isEqualTo(404);
    assertThat(delete(path).statusCode()).isEqualTo(404);
    Response again = apply(company());
    assertThat(again.jsonPath().getList("keys.name")).isEqualTo(List.of("support-assistant"));
    assertThat(get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void deletesATenantWithItsRevokedKeys() {
    for (String path :
        List.of(
            "/tenants/acme-health/api-keys/support-assistant",
            "/tenants/acme-health/budgets/month",
            "/tenants/acme-health/policies/default",
            "/tenants/acme-health")) {
      Response deleted = delete(path);
      assertThat(deleted.statusCode()).as(path + deleted.asString()).isEqualTo(204);
    }
    assertThat(get("/tenants/acme-health").statusCode()).isEqualTo(404);
  }

  @Test
  void explainsWhatBindsATenant() {
    Response explained = get("/tenants/acme-health/effective-policy");
    assertThat(explained.statusCode()).as(explained.asString()).isEqualTo(200);
    Map<String, String> root = Map.of("kind", "Policy", "tenant", "acme", "name", "default");
    Map<String, String> own = Map.of("kind", "Policy", "tenant", "acme-health", "name", "default");
    assertThat(explained.jsonPath().getList("path")).isEqualTo(List.of("acme", "acme-health"));
    assertThat(explained.jsonPath().getMap("models"))
        .isEqualTo(Map.of("value", List.of("assistant"), "from", List.of(root, own)));
    assertThat(explained.jsonPath().getMap("residency"))
        .isEqualTo(Map.of("value", List.of("eu-west"), "from", List.of(own)));
    assertThat(explained.jsonPath().getMap("unknownPrice"))
        .isEqualTo(
            Map.of("value", Map.of("ceilingPerMillionTokens", "50.00"), "from", List.of(root)));
    assertThat(explained.jsonPath().getMap("tags.businessUnit"))
        .isEqualTo(
            Map.of(
                "value",
                "health",
                "from",
                List.of(Map.of("kind", "Tenant", "name", "acme-health"))));
    assertThat(explained.jsonPath().getMap("tags.company"))
        .isEqualTo(
            Map.of("value", "acme", "from", List.of(Map.of("kind", "Tenant", "name", "acme"))));
    assertThat(explained.jsonPath().getMap("requiredTags.app"))
        .isEqualTo(Map.of("from", List.of(Map.of("kind", "Tenant", "name", "acme-health"))));
    assertThat(explained.jsonPath().getList("budgets.amount"))
        .isEqualTo(List.of("1000000.00", "5000.00"));
    assertThat(explained.jsonPath().getMap("mode"))
        .isEqualTo(Map.of("value", "enforce", "from", List.of()));
    assertThat(explained.jsonPath().getMap("suspended"))
        .isEqualTo(Map.of("value", false, "from", List.of()));
    assertThat(explained.jsonPath().getList("budgets.window.left"))
        .isEqualTo(List.of("1000000000000000", "5000000000000"));
    assertThat(get("/tenants/nobody/effective-policy").statusCode()).isEqualTo(404);
    assertThat((Object) get("/tenants/acme/effective-policy").jsonPath().get("residency.value"))
        .isNull();
  }
}
