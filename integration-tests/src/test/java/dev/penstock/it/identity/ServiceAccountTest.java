package dev.penstock.it.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.OnSsoStack;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A program with client credentials of the real Keycloak, from its manifest to its end. */
@OnSsoStack
class ServiceAccountTest {

  private final PenstockTester tester;
  private final Realm realm;
  private final RealmAdmin keycloak;

  ServiceAccountTest(PenstockTester tester) {
    this.tester = tester;
    realm = Realm.of(tester);
    keycloak = new RealmAdmin(tester, HttpClient.newHttpClient());
  }

  @Test
  void callsAModelWithATokenUntilItIsDeleted() {
    Application application = tester.application().upstream("sim-n2000-b24-d20000-t0-g1").create();
    String client = "penstock." + application.tenant() + ".batch";
    Application program = application.withKey(token(application.tenant(), client));
    await("the node has the keys")
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> assertThat(program.get("/v1/models").statusCode()).isEqualTo(200));
    HttpResponse<Stream<String>> stream = program.openStream();
    Iterator<String> lines = stream.body().iterator();
    assertThat(lines.next()).startsWith("data: ");

    assertThat(
            tester
                .admin()
                .delete("tenants/" + application.tenant() + "/members/batch")
                .statusCode())
        .isEqualTo(204);

    StringBuilder rest = new StringBuilder();
    lines.forEachRemaining(line -> rest.append(line).append('\n'));
    assertThat(rest).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    HttpResponse<String> refused = program.get("/v1/models");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("invalid_api_key").doesNotContain(program.key());
    assertThat(application.get("/v1/models").statusCode()).as("its tenant's key").isEqualTo(200);
  }

  @Test
  void isServedThroughTheOfficialSdkAndRecordedAsTheSubject() {
    Application application = tester.application().create();
    String client = "penstock." + application.tenant() + ".batch";
    Application program = application.withKey(token(application.tenant(), client));
    await("the node has the keys")
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> assertThat(program.get("/v1/models").statusCode()).isEqualTo(200));
    OpenAIClient sdk =
        OpenAIOkHttpClient.builder().baseUrl(program.baseUrl()).apiKey(program.key()).build();

    ChatCompletion answer =
        sdk.chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(program.model())
                    .addUserMessage("hello, " + Canaries.PROMPT)
                    .build());

    assertThat(answer.choices().getFirst().message().content()).isPresent();
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() ->
            tester.admin().records(application.tenant()).stream()
                .anyMatch(ServiceAccountTest::isChat));
    JsonNode record =
        tester.admin().records(application.tenant()).stream()
            .filter(ServiceAccountTest::isChat)
            .findFirst()
            .orElseThrow();
    assertThat(record.path("subject").asText()).isEqualTo(client);
    assertThat(record.path("apiKey").isNull()).isTrue();
    assertThat(record.path("outcome").asText()).isEqualTo("served");
    assertThat(record.path("costNanoUsd").asLong()).isPositive();
    assertThat(tester.admin().get("spend?groupBy=tenant,apiKey").path("items"))
        .filteredOn(row -> row.path("tenant").asText().equals(application.tenant()))
        .singleElement()
        .satisfies(row -> assertThat(row.path("apiKey").asText()).isEmpty());
  }

  @Test
  void isNobodyElse() {
    Application application = tester.application().create();
    Application person = application.withKey(realm.ofUser("hanna", "openid organization").text());
    Application automation =
        application.withKey(
            realm
                .ofProgram(
                    "penstock-automation", tester.secret("sso-automation-secret"), "organization")
                .text());

    await("the node has the keys")
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> assertThat(person.get("/v1/models").statusCode()).isEqualTo(401));
    assertThat(automation.get("/v1/models").statusCode()).isEqualTo(401);
    assertThat(person.get("/v1/models").body())
        .contains("issuer, audience or times")
        .doesNotContain(person.key());
  }

  /** Lists of models are recorded, too. */
  private static boolean isChat(JsonNode record) {
    return !record.path("modelAsked").isNull();
  }

  /** What the administrator of the realm hands over, and what a program makes of it. */
  private String token(String tenant, String client) {
    tester
        .admin()
        .applyEverywhere(
            """
            apiVersion: penstock.dev/v1
            kind: Member
            metadata: { tenant: %s, name: batch }
            spec: { serviceAccount: true }
            """
                .formatted(tenant));
    await(client + " is made")
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() -> !keycloak.get("/clients?clientId=" + client).isEmpty() && isDone(tenant));
    String secret = keycloak.clientSecret(client);
    Canaries.plant(secret);
    String token = realm.ofProgram(client, secret, "openid").text();
    Canaries.plant(token);
    return token;
  }

  private boolean isDone(String tenant) {
    return tester
        .admin()
        .get("provisioning?tenant=" + tenant)
        .at("/items/0/state")
        .asText()
        .equals("done");
  }
}
