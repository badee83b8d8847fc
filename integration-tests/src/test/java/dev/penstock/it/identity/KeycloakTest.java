package dev.penstock.it.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.identity.Realm.Token;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.OnSsoStack;
import dev.penstock.it.kit.PenstockTester;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The quickstart's Keycloak and the admin API, with what is easily got wrong between the two. */
@OnSsoStack
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakTest {
  private static final String HEALTH = "tenants/acme-health";
  private static final String LABS = "tenants/acme-labs";

  private final HttpClient http = HttpClient.newHttpClient();
  private final PenstockTester tester;
  private final Realm realm;

  KeycloakTest(PenstockTester tester) {
    this.tester = tester;
    realm = Realm.of(tester);
  }

  private String value(String name) {
    return Objects.requireNonNull(tester.environment().get(name), name);
  }

  private HttpResponse<String> get(Token token, String path) {
    return send(token.text(), path, "GET", "");
  }

  private HttpResponse<String> send(String token, String path, String method, String body) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(value("PENSTOCK_ADMIN_URL") + "/api/v1/" + path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/yaml")
              .method(method, BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer from the admin API", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Test
  @Order(1)
  void letsPeopleInByTheirRoles() {
    Token paula = realm.ofUser("paula", "openid");
    Token audrey = realm.ofUser("audrey", "openid");
    Token fiona = realm.ofUser("fiona", "openid");
    String region = "apiVersion: penstock.dev/v1\nkind: Region\nmetadata: { name: %s }\nspec: {}";

    assertThat(get(paula, "tenants").statusCode()).isEqualTo(200);
    assertThat(send(paula.text(), "apply", "POST", region.formatted("moon")).statusCode())
        .isEqualTo(200);
    assertThat(get(audrey, "requests").statusCode()).isEqualTo(200);
    assertThat(send(audrey.text(), "apply", "POST", region.formatted("mars")).statusCode())
        .isEqualTo(403);
    assertThat(get(fiona, "spend").statusCode()).isEqualTo(200);
    assertThat(get(fiona, "requests").statusCode()).isEqualTo(403);
    JsonNode revisions = Json.parse(get(audrey, "revisions?limit=1").body());
    assertThat(revisions.at("/items/0/author").asText()).isEqualTo("paula");
  }

  /** The scope {@code organization} says nothing of somebody who is in several. */
  @Test
  @Order(2)
  void knowsSomebodyOfTwoOrganizationsOnlyByTheOneThatWasChosen() {
    Token unsaid = realm.ofUser("bea", "openid organization");
    Token health = realm.ofUser("bea", "openid organization:acme-health");
    Token all = realm.ofUser("bea", "openid organization:*");

    assertThat(unsaid.claims().has("organization")).isFalse();
    assertThat(get(unsaid, HEALTH).statusCode()).isEqualTo(404);
    assertThat(health.claims().path("organization").toString()).isEqualTo("[\"acme-health\"]");
    assertThat(get(health, HEALTH).statusCode()).isEqualTo(200);
    assertThat(get(health, LABS).statusCode()).isEqualTo(404);
    assertThat(all.claims().path("organization")).hasSize(2);
    assertThat(get(all, HEALTH).statusCode()).isEqualTo(404);
  }

  @Test
  @Order(3)
  void showsAnAdminOfATenantItsSubtree() {
    Token hanna = realm.ofUser("hanna", "openid organization");

    JsonNode tenants = Json.parse(get(hanna, "tenants").body());

    assertThat(tenants.path("items").findValuesAsText("name"))
        .containsExactly("acme-health", "acme-health-portal");
    assertThat(get(hanna, LABS + "/api-keys").statusCode()).isEqualTo(404);
    String key =
        "apiVersion: penstock.dev/v1\nkind: ApiKey\nmetadata: { tenant: acme-health, name: hers }\n"
            + "spec: {}";
    assertThat(send(hanna.text(), "apply", "POST", key).statusCode()).isEqualTo(200);
  }

  /** {@code acr} is level 1 in the token of a program, as if somebody had logged in. */
  @Test
  @Order(4)
  void takesNoProgramForSomebodyWhoHasJustLoggedIn() {
    Token program =
        realm.ofProgram(
            "penstock-automation", tester.secret("sso-automation-secret"), "organization");
    Token paula = realm.ofUser("paula", "openid");

    assertThat(program.claims().path("acr").asText()).isNotEqualTo("step-up");
    assertThat(program.claims().has("auth_time")).isFalse();
    assertThat(get(program, LABS).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = send(paula.text(), "regions/moon", "DELETE", "");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("insufficient_user_authentication", "acr_values=\"step-up\"");
  }

  @Test
  @Order(5)
  void destroysAfterAStepUp() {
    Token login = realm.ofBrowser("paula", "login");
    Token steppedUp = realm.ofBrowser("paula", "step-up");

    assertThat(login.claims().path("acr").asText()).isEqualTo("login");
    assertThat(send(login.text(), "regions/moon", "DELETE", "").statusCode()).isEqualTo(401);
    assertThat(steppedUp.claims().path("acr").asText()).isEqualTo("step-up");
    assertThat(send(steppedUp.text(), "regions/moon", "DELETE", "").statusCode()).isEqualTo(204);
  }
}
