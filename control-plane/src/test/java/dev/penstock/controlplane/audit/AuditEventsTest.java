package dev.penstock.controlplane.audit;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of changes, refused writes and those that changed nothing. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class AuditEventsTest {

  private static final String POLICY = "/tenants/acme-health/policies/default";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsOfEachResourceThatAWriteMade() {
    Response page = get("/audit-events?limit=15");

    assertThat(page.jsonPath().getList("items.action")).containsOnly("create");
    assertThat(page.jsonPath().getList("items.outcome")).containsOnly("done");
    assertThat(page.jsonPath().getList("items.actor")).containsOnly("admin-token");
    assertThat(page.jsonPath().getList("items.resource"))
        .contains("Tenant acme", "Model copilot", "Secret acme/openai-eu", "Region eu-west");
    assertThat(page.asString()).doesNotContain("sk-eu-4f9c2e71").doesNotContain("pens_");
  }

  @Test
  void givesTheHashesOfTheManifestsAsTheyAreShown() {
    String before = get(POLICY).asString();

    Response written = put(POLICY, before.replace("\"eu-west\"", "\"us-east\""));

    Map<String, Object> event = newest();
    assertThat(event)
        .containsEntry("action", "update")
        .containsEntry("resource", "Policy acme-health/default")
        .containsEntry("tenant", "acme-health")
        .containsEntry("tenantPath", List.of("acme", "acme-health"))
        .containsEntry("beforeHash", sha256(before))
        .containsEntry("afterHash", sha256(get(POLICY).asString()))
        .containsEntry("revision", Integer.valueOf(written.header("x-penstock-revision")));
  }

  @Test
  void tellsOfDeletionsAndRevocations() {
    delete("/tenants/acme-health/budgets/month");
    assertThat(newest())
        .containsEntry("action", "delete")
        .containsEntry("resource", "Budget acme-health/month")
        .containsEntry("tenantPath", List.of("acme", "acme-health"))
        .containsEntry("afterHash", null);

    delete("/tenants/acme-health/api-keys/support-assistant");
    assertThat(newest())
        .containsEntry("action", "revoke")
        .containsEntry("resource", "ApiKey acme-health/support-assistant");
  }

  @Test
  void tellsNothingOfWritesThatChangeNothing() {
    Object last = newest().get("index");

    apply(company());
    plan(company().replace("displayName: Acme Health", "displayName: Other"));

    assertThat(newest()).containsEntry("index", last);
  }

  @Test
  void tellsOfRefusedWrites() {
    post("/regions", "{\"apiVersion\":\"penstock.dev/v1\",\"kind\":\"Region\",\"spec\":{}}");

    assertThat(newest())
        .containsEntry("outcome", "refused")
        .containsEntry("action", "write")
        .containsEntry("actor", "admin-token")
        .containsEntry("afterHash", null);
    assertThat(String.valueOf(newest().get("reason"))).startsWith("422 ").contains("metadata");
  }

  @Test
  void countsStrangersAndStoresNothingOfThem() {
    Object last = newest().get("index");

    given().body("{}").post("/api/v1/regions");

    assertThat(newest()).containsEntry("index", last);
    assertThat(given().get("/q/metrics").asString())
        .containsPattern("penstock_admin_unauthenticated_total [1-9]");
  }

  @Test
  void changesNothingThatItCannotTellOf() throws SQLException {
    String before = get("/regions/eu-west").asString();
    asAdmin("REVOKE INSERT ON audit.event FROM penstock_app");
    try {
      assertThat(put("/regions/eu-west", before.replace("\"EU\"", "\"DE\"")).statusCode())
          .isEqualTo(500);
    } finally {
      asAdmin("GRANT INSERT ON audit.event TO penstock_app");
    }
    assertThat(get("/regions/eu-west").asString()).isEqualTo(before);
  }

  @Test
  void filtersByWhoWhatWhichWhereAndWhen() {
    delete("/tenants/acme-health/budgets/month");

    assertThat(resources("?actor=nobody")).isEmpty();
    assertThat(resources("?limit=1&action=delete")).containsExactly("Budget acme-health/month");
    assertThat(resources("?limit=1&resource=Tenant acme")).containsExactly("Tenant acme");
    assertThat(resources("?tenant=acme-health&limit=5"))
        .contains("Budget acme-health/month", "Policy acme-health/default")
        .doesNotContain("Policy acme/default", "Region eu-west");
    assertThat(resources("?tenant=acme&limit=20"))
        .contains("Budget acme-health/month", "Policy acme/default")
        .doesNotContain("Region eu-west");
    assertThat(resources("?to=2026-01-01T00:00:00Z")).isEmpty();
    assertThat(resources("?from=2026-01-01T00:00:00Z&limit=3")).hasSize(3);
    assertThat(get("/audit-events?outcome=perhaps").statusCode()).isEqualTo(400);
    assertThat(get("/audit-events?from=yesterday").statusCode()).isEqualTo(400);
    assertThat(get("/audit-events?who=me").statusCode()).isEqualTo(400);
    assertThat(get("/audit-events?cursor=eA").statusCode()).isEqualTo(400);
  }

  @Test
  void pagesFromTheNewestToTheOldestWithoutRepeating() {
    List<Integer> indexes = new ArrayList<>();
    String cursor = "";
    for (int i = 0; i < 4; i++) {
      Response page = get("/audit-events?tenant=acme&limit=2" + cursor);
      indexes.addAll(page.jsonPath().getList("items.index", Integer.class));
      cursor = "&cursor=" + page.jsonPath().getString("nextCursor");
    }
    assertThat(indexes).hasSize(8).doesNotHaveDuplicates();
    assertThat(indexes.reversed()).isSorted();
    Response first = get("/audit-events?tenant=acme&sort=index&limit=3");
    List<Integer> upwards = new ArrayList<>(first.jsonPath().getList("items.index", Integer.class));
    cursor = "&cursor=" + first.jsonPath().getString("nextCursor");
    Response second = get("/audit-events?tenant=acme&sort=index&limit=3" + cursor);
    upwards.addAll(second.jsonPath().getList("items.index", Integer.class));
    assertThat(upwards).hasSize(6).doesNotHaveDuplicates().isSorted();
  }

  private static List<String> resources(String query) {
    Response page = get("/audit-events" + query);
    assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
    return page.jsonPath().getList("items.resource", String.class);
  }

  private static Map<String, Object> newest() {
    return get("/audit-events?limit=1").jsonPath().getMap("items[0]");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void asAdmin(String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
