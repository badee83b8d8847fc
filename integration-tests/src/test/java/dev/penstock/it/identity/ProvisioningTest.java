package dev.penstock.it.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.identity.Realm.Token;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.OnSsoStack;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a real Keycloak knows of tenants, their people and their programs, and when. */
@OnSsoStack
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProvisioningTest {
  private static final String SERVICE_CLIENT = "penstock-provisioning";
  private static final String TENANT =
      """
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: %s }
      spec: { parent: acme, displayName: %s, sso: { domains: [%s], identityProviders: [%s] } }
      ---
      """;
  private static final String PERSON =
      """
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: %s, name: %s }
      spec: { subject: %s, roles: [%s] }
      ---
      """;
  private static final String PROGRAM =
      """
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: %s, name: %s }
      spec: { serviceAccount: true }
      """;

  private final PenstockTester tester;
  private final Realm realm;
  private final RealmAdmin admin;

  ProvisioningTest(PenstockTester tester) {
    this.tester = tester;
    realm = Realm.of(tester);
    admin = new RealmAdmin(tester, HttpClient.newHttpClient());
  }

  private JsonNode entry(String tenant) {
    return tester.admin().get("provisioning?tenant=" + tenant).path("items").path(0);
  }

  private JsonNode awaitState(String tenant, String state) {
    await(tenant + " is " + state)
        .atMost(Patience.FOR_AN_ANSWER)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() ->
            assertThat(entry(tenant).path("state").asText())
                .as(entry(tenant).toString())
                .isEqualTo(state));
    return entry(tenant);
  }

  /** As if the outbox held the tenant once more, or its time had come. */
  private void tellAgain(String tenant) {
    try (Connection connection = tester.database().connect();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE policy.provisioning SET due_at = clock_timestamp(), done_at = NULL"
                    + " WHERE tenant = ?")) {
      update.setString(1, tenant);
      assertThat(update.executeUpdate()).isEqualTo(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    await(tenant + " is told again")
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() -> !entry(tenant).path("doneAt").isNull());
  }

  @Test
  @Order(1)
  void adoptsTheOrganizationsThatWereThere() {
    awaitState("acme-labs", "done");

    JsonNode labs = admin.organization("acme-labs");

    assertThat(labs.at("/attributes/penstock-tenant/0").asText()).isEqualTo("acme-labs");
    assertThat(labs.at("/attributes/penstock-parent/0").asText()).isEqualTo("acme");
    assertThat(labs.at("/domains/0/name").asText()).isEqualTo("acme-labs.example");
    assertThat(admin.members("acme-labs"))
        .containsExactly("bea", "fiona", "leo", "service-account-penstock-automation");
  }

  @Test
  @Order(2)
  void makesAnOrganizationWithPeopleAndProgramsOfATenant() {
    tester
        .admin()
        .apply(
            TENANT.formatted("legal", "Acme Legal", "legal.example", "")
                + PERSON.formatted("legal", "leo", "leo@acme.example", "tenant-admin")
                + PERSON.formatted("legal", "bea", "bea", "tenant-developer")
                + PROGRAM.formatted("legal", "batch"));
    awaitState("legal", "done");

    JsonNode legal = admin.organization("legal");
    JsonNode client = admin.client("penstock.legal.batch");

    assertThat(legal.path("name").asText()).isEqualTo("Acme Legal (legal)");
    assertThat(legal.at("/domains/0/name").asText()).isEqualTo("legal.example");
    assertThat(admin.groups("legal")).containsExactly("tenant-admin", "tenant-developer");
    assertThat(admin.membersOfGroup("legal", "tenant-admin")).containsExactly("leo");
    assertThat(admin.membersOfGroup("legal", "tenant-developer")).containsExactly("bea");
    assertThat(admin.members("legal"))
        .containsExactly("bea", "leo", "service-account-penstock.legal.batch");
    assertThat(client.path("standardFlowEnabled").asBoolean(true)).isFalse();
    assertThat(client.path("directAccessGrantsEnabled").asBoolean(true)).isFalse();
    assertThat(client.path("publicClient").asBoolean(true)).isFalse();
  }

  /** Without asking for it; somebody who is in several organizations has to choose one. */
  @Test
  @Order(3)
  void givesAProgramTokensOfItsOrganizationForTheGatewayAlone() {
    String secret = admin.clientSecret("penstock.legal.batch");
    Canaries.plant(secret);

    Token token = realm.ofProgram("penstock.legal.batch", secret, "openid");

    assertThat(token.claims().path("organization").toString()).isEqualTo("[\"legal\"]");
    assertThat(token.claims().path("aud").asText()).isEqualTo("penstock-dataplane");
    assertThat(token.claims().has("resource_access")).isFalse();
    assertThat(token.claims().path("exp").asLong() - token.claims().path("iat").asLong())
        .isLessThanOrEqualTo(600);
    assertThat(tester.database().texts("SELECT sso::text FROM policy.tenant WHERE name = 'legal'"))
        .noneMatch(text -> text.contains(secret));
  }

  /** Somebody whom two tenants know is in two organizations, and the plain scope names neither. */
  @Test
  @Order(4)
  void namesOfSeveralOrganizationsOnlyTheOneThatWasChosen() {
    Token unsaid = realm.ofUser("leo", "openid organization");
    Token chosen = realm.ofUser("leo", "openid organization:legal");

    assertThat(unsaid.claims().has("organization")).isFalse();
    assertThat(chosen.claims().path("organization").toString()).isEqualTo("[\"legal\"]");
  }

  @Test
  @Order(5)
  void changesNothingWhenItIsToldTwice() {
    int before = admin.changesBy(SERVICE_CLIENT);

    tellAgain("legal");
    tellAgain("acme-labs");

    assertThat(before).isPositive();
    assertThat(admin.changesBy(SERVICE_CLIENT)).isEqualTo(before);
    assertThat(entry("legal").path("state").asText()).isEqualTo("done");
  }

  /** A replica that ended after its first calls has left exactly this. */
  @Test
  @Order(6)
  void doesTheOtherHalfOfWhatWasLeftHalfDone() {
    admin.post(
        "/organizations",
        """
        {"name": "half", "alias": "half", "attributes": {"penstock-tenant": ["half"]}}\
        """);
    admin.post(admin.path("half") + "/groups", "{\"name\": \"tenant-admin\"}");
    admin.post(admin.path("half") + "/members", admin.user("leo"));
    admin.post(
        "/clients",
        """
        {"clientId": "penstock.half.job", "serviceAccountsEnabled": true, "publicClient": false,
         "attributes": {"penstock-tenant": "half"}}\
        """);

    tester
        .admin()
        .apply(
            TENANT.formatted("half", "Half", "", "")
                + PERSON.formatted("half", "leo", "leo", "tenant-admin")
                + PROGRAM.formatted("half", "job"));
    awaitState("half", "done");

    assertThat(admin.membersOfGroup("half", "tenant-admin")).containsExactly("leo");
    assertThat(admin.members("half")).containsExactly("leo", "service-account-penstock.half.job");
    assertThat(admin.groups("half")).containsExactly("tenant-admin", "tenant-developer");
  }

  @Test
  @Order(7)
  void waitsForWhomTheRealmDoesNotKnowYet() {
    tester
        .admin()
        .apply(
            TENANT.formatted("early", "Early", "", "early-idp")
                + PERSON.formatted("early", "eve", "eve@early.example", "tenant-admin"));
    JsonNode waiting = awaitState("early", "waiting");

    admin.post(
        "/users",
        """
        {"username": "eve", "email": "eve@early.example", "emailVerified": true, "enabled": true}\
        """);
    admin.post(
        "/identity-provider/instances",
        """
        {"alias": "early-idp", "providerId": "oidc", "config": {"clientId": "x", "clientSecret": "y",
         "authorizationUrl": "https://early.example/a", "tokenUrl": "https://early.example/t"}}\
        """);
    tellAgain("early");

    assertThat(waiting.path("reason").asText()).contains("early-idp", "the member eve");
    assertThat(entry("early").path("state").asText()).isEqualTo("done");
    assertThat(admin.identityProviders("early")).containsExactly("early-idp");
    assertThat(admin.membersOfGroup("early", "tenant-admin")).containsExactly("eve");
  }

  @Test
  @Order(8)
  void saysWhatTheRealmRefusesAndGoesOnWithTheOthers() {
    tester
        .admin()
        .apply(
            TENANT.formatted("taker", "Taker", "legal.example", "")
                + TENANT.formatted("other", "Other", "", ""));
    awaitState("other", "done");
    JsonNode refused = awaitState("taker", "failed");

    tester.admin().apply(TENANT.formatted("taker", "Taker", "taker.example", ""));
    awaitState("taker", "done");

    assertThat(refused.path("reason").asText()).contains("400", "legal.example");
    assertThat(refused.path("failures").asInt()).isPositive();
    assertThat(refused.path("nextAttemptAt").asText()).isNotEmpty();
    assertThat(admin.organization("taker").at("/domains/0/name").asText())
        .isEqualTo("taker.example");
  }

  @Test
  @Order(9)
  void takesOutOnlyWhomItHasPutIn() {
    admin.post(admin.path("legal") + "/members", admin.user("hanna"));

    assertThat(tester.admin().delete("tenants/legal/members/leo").statusCode()).isEqualTo(204);
    assertThat(tester.admin().delete("tenants/legal/members/batch").statusCode()).isEqualTo(204);
    awaitState("legal", "done");

    assertThat(admin.members("legal")).containsExactly("bea", "hanna");
    assertThat(admin.get("/clients?clientId=penstock.legal.batch")).isEmpty();
    assertThat(admin.user("leo")).isNotEmpty();
  }

  @Test
  @Order(10)
  void disablesTheOrganizationOfADeletedTenantAndDeletesNobody() {
    assertThat(tester.admin().delete("tenants/legal?cascade=true&confirm=legal").statusCode())
        .isEqualTo(204);
    await("legal is forgotten")
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() -> entry("legal").isMissingNode());
    boolean enabled = admin.organization("legal").path("enabled").asBoolean();

    tester.admin().apply(TENANT.formatted("legal", "New Legal", "", ""));
    awaitState("legal", "done");

    assertThat(enabled).isFalse();
    assertThat(admin.organization("legal").path("enabled").asBoolean()).isTrue();
    assertThat(admin.organization("legal").path("domains")).isEmpty();
    assertThat(admin.members("legal")).isEmpty();
    assertThat(admin.user("bea")).isNotEmpty();
    assertThat(admin.user("hanna")).isNotEmpty();
  }

  @Test
  @Order(11)
  void keepsWhatIsWantedWhileKeycloakIsAway() {
    Token audrey = realm.ofUser("audrey", "openid");
    assertThat(revisionsAs(audrey)).as("now its key is known").isEqualTo(200);
    tester.kill("keycloak");

    tester
        .admin()
        .apply(
            TENANT.formatted("away", "Away", "", "")
                + PERSON.formatted("away", "leo", "leo", "tenant-developer"));
    JsonNode failed = awaitState("away", "failed");
    int revisions = revisionsAs(audrey);
    tester.startAgain("keycloak");
    awaitState("away", "done");

    assertThat(failed.path("reason").asText()).contains("does not answer");
    assertThat(failed.path("doneRevision").isNull()).isTrue();
    assertThat(revisions).as("a token whose key is known").isEqualTo(200);
    assertThat(admin.membersOfGroup("away", "tenant-developer")).containsExactly("leo");
  }

  private int revisionsAs(Token caller) {
    return Realm.send(
            HttpClient.newHttpClient(),
            HttpRequest.newBuilder(
                    URI.create(
                        tester.environment().get("PENSTOCK_ADMIN_URL") + "/api/v1/revisions"))
                .header("Authorization", "Bearer " + caller.text()))
        .statusCode();
  }
}
