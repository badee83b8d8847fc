package dev.penstock.controlplane.identity;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.as;
import static dev.penstock.controlplane.kit.AdminClient.bearer;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestIdentityProvider;
import dev.penstock.controlplane.kit.TestToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class CallerFilterTest {

  private static final TestToken AUDITOR = TestToken.of("audrey").roles("security-auditor");

  @BeforeEach
  void stateAGroup() throws SQLException {
    Group.state();
  }

  private static int status(String token) {
    return bearer(token).get("/tenants").statusCode();
  }

  @Test
  void takesTheAdminTokenAndTokensOfTheProvider() {
    assertThat(admin().get("/tenants").statusCode()).isEqualTo(200);
    Response seen = as(AUDITOR).get("/tenants");
    assertThat(seen.statusCode()).as(seen.asString()).isEqualTo(200);
  }

  @Test
  void refusesWhatIsNotAGoodTokenForIt() {
    String good = AUDITOR.sign();
    assertThat(status(good)).isEqualTo(200);

    long now = Instant.now().getEpochSecond();
    assertThat(
            List.of(
                status("nonsense"),
                status("a.b.c"),
                status(AUDITOR.unsigned()),
                status(good.substring(0, good.length() - 8) + "AAAAAAAA"),
                status(AUDITOR.with("iss", "https://elsewhere.example/realms/penstock").sign()),
                status(AUDITOR.with("aud", List.of("penstock-console")).sign()),
                status(AUDITOR.with("exp", now - 10).sign()),
                status(AUDITOR.with("nbf", now + 600).sign()),
                status(AUDITOR.with("typ", "ID").sign()),
                status(AUDITOR.with("typ", "Refresh").sign()),
                status(AUDITOR.withHeader("alg", "HS256").sign()),
                status(AUDITOR.withHeader("kid", "unknown").sign())))
        .containsOnly(401);
    assertThat(given().basePath("/api/v1").get("/tenants").statusCode()).isEqualTo(401);
    assertThat(given().auth().preemptive().basic("a", "b").get("/api/v1/tenants").statusCode())
        .isEqualTo(401);
  }

  @Test
  void tellsAStrangerNothingAboutPaths() {
    String there = bearer("nonsense").get("/tenants").asString();
    String notThere = bearer("nonsense").get("/no-such-path").asString();

    assertThat(there).isEqualTo(notThere);
  }

  @Test
  void believesARotatedKey() {
    assertThat(status(AUDITOR.sign())).isEqualTo(200);

    given().post(TestIdentityProvider.issuer().replace("/realms/penstock", "/rotate"));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(status(TestToken.of("audrey").roles("security-auditor").sign()))
                .isEqualTo(200));
    assertThat(status(AUDITOR.sign())).isEqualTo(401);
  }

  @Test
  void countsATenantsRoleOnlyAtTheOneOrganizationThatATokenNames() {
    TestToken caller = TestToken.of("bob").roles("tenant-admin");

    assertThat(as(caller).get("/tenants/acme-health").statusCode()).isEqualTo(404);
    assertThat(as(caller.organizations("acme-health")).get("/tenants/acme-health").statusCode())
        .isEqualTo(200);
    assertThat(as(caller.organizations("acme-health")).get("/tenants/acme-labs").statusCode())
        .isEqualTo(404);
    assertThat(
            as(caller.organizations("acme-health", "acme-labs"))
                .get("/tenants/acme-health")
                .statusCode())
        .isEqualTo(404);
    assertThat(
            as(caller.with("organization", Map.of("acme-health", Map.of("id", "x"))))
                .get("/tenants/acme-health")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void knowsAMemberByAVerifiedAddressOnly() {
    admin()
        .contentType("application/yaml")
        .body(
            """
            apiVersion: penstock.dev/v1
            kind: Member
            metadata: { tenant: acme-health, name: eve }
            spec: { subject: eve@acme.example, roles: [tenant-developer] }
            """)
        .post("/apply");
    TestToken eve = TestToken.of("someone").with("email", "eve@acme.example");

    assertThat(as(eve).get("/tenants/acme-health").statusCode()).isEqualTo(404);
    assertThat(as(eve.with("email_verified", false)).get("/tenants/acme-health").statusCode())
        .isEqualTo(404);
    assertThat(as(eve.with("email_verified", true)).get("/tenants/acme-health").statusCode())
        .isEqualTo(200);
  }

  @Test
  void tellsCallersWhatTheyAreAndWhere() {
    assertThat(admin().get("/whoami").jsonPath().getList("roles"))
        .containsExactly("platform-admin", "secret-custodian");
    Response seen =
        as(TestToken.of("hanna").roles("tenant-admin").organizations("acme-health")).get("/whoami");

    assertThat(seen.jsonPath().getString("name")).isEqualTo("hanna");
    assertThat(seen.jsonPath().getList("roles")).isEmpty();
    assertThat(seen.jsonPath().getList("tenants.tenant")).containsExactly("acme-health");
    assertThat(seen.jsonPath().getList("tenants[0].roles")).containsExactly("tenant-admin");
    assertThat(seen.jsonPath().getMap("may")).isEmpty();
    assertThat(seen.jsonPath().getMap("tenants[0].may").get("api-keys")).isEqualTo("rwd");
    assertThat(seen.jsonPath().getMap("tenants[0].may")).doesNotContainKeys("nodes", "secrets");
    assertThat(as(TestToken.of("nobody")).get("/whoami").statusCode()).isEqualTo(403);
  }

  @Test
  void confusesNobodyWithItself() {
    TestToken posing = TestToken.of("admin-token").roles("platform-admin");
    Response written =
        as(posing)
            .contentType("application/yaml")
            .body("apiVersion: penstock.dev/v1\nkind: Region\nmetadata: { name: x }\nspec: {}")
            .post("/apply");

    assertThat(written.statusCode()).as(written.asString()).isEqualTo(200);
    assertThat(as(posing).get("/revisions").jsonPath().getString("items[0].author"))
        .isEqualTo("id-of-admin-token");
  }
}
