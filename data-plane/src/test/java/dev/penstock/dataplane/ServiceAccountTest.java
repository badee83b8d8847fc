package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.token.IdentityServer;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.kernel.snapshot.ServiceAccount;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does for a program with a token of the identity provider, and what it refuses. */
class ServiceAccountTest {

  private final IdentityServer idp = IdentityServer.start();
  private final NodeTester node = NodeTester.taking(idp.config());

  @BeforeEach
  void awaitKeys() throws Exception {
    node.model("assistant", "sim-n5").serviceAccounts(IdentityServer.CLIENT).publish();
    await().until(() -> node.parts.tokens().orElseThrow().keys().ageSeconds().isPresent());
  }

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    idp.close();
  }

  private HttpRequest.Builder chat(String token, boolean stream) {
    return node.chat("assistant", stream).setHeader("authorization", "Bearer " + token);
  }

  @Test
  void servesAServiceAccountAndRecordsItAsTheSubject() throws Exception {
    HttpResponse<String> answer = node.send(chat(idp.token(), false));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    RequestRecord record = node.onlyRecord();
    assertThat(record.getTenant()).isEqualTo("acme");
    assertThat(record.getTenantPathList()).containsExactly("acme");
    assertThat(record.getSubject()).isEqualTo(IdentityServer.CLIENT);
    assertThat(record.getApiKeyId()).isEmpty();
    assertThat(record.getApiKey()).isEmpty();
    assertThat(record.getTagsMap()).containsEntry("team", "a");
    assertThat(record.getOutcome()).isEqualTo("served");
  }

  @Test
  void servesAnApiKeyBesideIt() throws Exception {
    assertThat(node.send(node.chat("assistant", false)).statusCode()).isEqualTo(200);
    assertThat(node.onlyRecord().getSubject()).isEmpty();
  }

  @Test
  void listsModels() throws Exception {
    HttpResponse<String> models =
        node.send(
            HttpRequest.newBuilder(node.uri("/v1/models"))
                .header("authorization", "Bearer " + idp.token()));

    assertThat(models.statusCode()).isEqualTo(200);
    assertThat(models.body()).contains("assistant");
  }

  @Test
  void losesNothingOfALargeBodyWhileItWaitsForANewKey() throws Exception {
    idp.rotate(IdentityServer.rsa("second"));
    String body =
        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted("x".repeat(200_000));

    await()
        .untilAsserted(() -> {
          HttpResponse<String> answer =
              node.send(node.chatBody(body).setHeader("authorization", "Bearer " + idp.token()));
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        });
  }

  @Test
  void judgesATokenThatHadToWaitByTheSnapshotThatIsInForceThen() throws Exception {
    idp.rotate(IdentityServer.rsa("second"));
    HttpRequest request = chat(idp.token(), false).build();
    CompletableFuture<HttpResponse<String>> answer =
        idp.hold(
            () -> node.http.sendAsync(request, BodyHandlers.ofString()), CompletableFuture::isDone);

    node.serviceAccounts("penstock.acme.other").publish();
    idp.release();

    assertThat(answer.get().statusCode()).isEqualTo(401);
    assertThat(answer.get().body()).contains("is no service account of the tenant");
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .extracting(RequestRecord::getPolicyRevision)
                .contains(Objects.requireNonNull(node.snapshots.get()).revision()));
  }

  @Test
  void opensAWebSocketAlsoWhereItWaitsForANewKey() throws Exception {
    idp.rotate(IdentityServer.rsa("second"));
    CompletableFuture<String> done = new CompletableFuture<>();
    WebSocket socket =
        await()
            .ignoreExceptions()
            .until(
                () ->
                    node.http
                        .newWebSocketBuilder()
                        .header("authorization", "Bearer " + idp.token())
                        .buildAsync(
                            URI.create("ws://127.0.0.1:" + node.port + "/v1/chat/completions"),
                            new WebSocket.Listener() {
                              @Override
                              public CompletionStage<?> onText(
                                  WebSocket from, CharSequence text, boolean last) {
                                if (text.toString().contains("\"done\":true")) {
                                  done.complete(text.toString());
                                }
                                from.request(1);
                                return CompletableFuture.completedFuture(null);
                              }
                            })
                        .get(),
                opened -> true);

    socket
        .sendText(
            "{\"id\":\"1\",\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            true)
        .get();

    assertThat(done.get(10, TimeUnit.SECONDS)).contains("\"done\":true");
    socket.abort();
  }

  @Test
  void refusesAClientThatIsNoServiceAccountOfItsTenant() throws Exception {
    for (String token :
        List.of(
            idp.token(c -> c.claim("azp", "penstock-cli").claim("client_id", null)),
            idp.token(c -> c.claim("azp", "penstock.acme.gone").claim("client_id", null)),
            idp.token(c -> c.claim("organization", List.of("labs"))))) {
      HttpResponse<String> refused = node.send(chat(token, false));

      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body())
          .contains("\"code\":\"invalid_api_key\"", "is no service account of the tenant")
          .doesNotContain("penstock.acme", "labs", token);
    }
    assertThat(node.spool.records())
        .allSatisfy(record -> {
          assertThat(record.getTenant()).isEmpty();
          assertThat(record.getSubject()).isEmpty();
        });
  }

  @Test
  void saysThatATokenHasExpired() throws Exception {
    Instant past = Instant.now().minusSeconds(120);
    HttpResponse<String> refused =
        node.send(
            chat(
                idp.token(c ->
                    c.issueTime(Date.from(past.minusSeconds(60))).expirationTime(Date.from(past))),
                false));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"code\":\"key_expired\"", "it has expired");
  }

  @Test
  void refusesATenantThatMayNotBeHereAndRecordsNoNameOfIt() throws Exception {
    node.alias("7c1f").publish();

    HttpResponse<String> refused = node.send(chat(idp.token(), false));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("\"code\":\"residency_denied\"", "us-east");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getTenant()).isEqualTo("~7c1f");
    assertThat(record.getSubject()).isEqualTo(ServiceAccount.hashOf(IdentityServer.CLIENT));
    assertThat(record.toString()).doesNotContain(IdentityServer.CLIENT);
  }

  @Test
  void endsTheRunningStreamOfADeletedServiceAccount() throws Exception {
    CompletableFuture<HttpResponse<String>> response = longStream();

    node.serviceAccounts("penstock.acme.other").publish();

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("cancelled");
    assertThat(node.send(chat(idp.token(), false)).statusCode()).isEqualTo(401);
  }

  @Test
  void refusesAServiceAccountThatWasRevokedAheadOfTheSnapshot() throws Exception {
    CompletableFuture<HttpResponse<String>> response = longStream();

    node.snapshots.revoke(Long.MAX_VALUE, Set.of(ServiceAccount.hashOf(IdentityServer.CLIENT)));

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    HttpResponse<String> refused = node.send(chat(idp.token(), false));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"code\":\"key_revoked\"", "was taken away");
  }

  @Test
  void endsTheRunningStreamOfASuspendedTenantsServiceAccount() throws Exception {
    CompletableFuture<HttpResponse<String>> response = longStream();

    node.suspend("acme");

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    HttpResponse<String> refused = node.send(chat(idp.token(), false));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"code\":\"key_revoked\"", "tenant acme is suspended");
  }

  private CompletableFuture<HttpResponse<String>> longStream() {
    node.model("long", "sim-n1000-d20000-t0").publish();
    CompletableFuture<HttpResponse<String>> response =
        node.http.sendAsync(
            node.chat("long", true).setHeader("authorization", "Bearer " + idp.token()).build(),
            BodyHandlers.ofString());
    await()
        .until(() ->
            !node.sim.invoice().calls().isEmpty()
                && node.sim.invoice().calls().getFirst().chunksSent() > 2);
    return response;
  }

  @Test
  void bindsItByLimitsOfItsTenantAndByNoneOfAnApiKey() throws Exception {
    node.rateLimits(limit("of-the-key", Optional.of("app"), 1), limit("all", Optional.empty(), 3))
        .publish();

    for (int i = 0; i < 3; i++) {
      assertThat(node.send(chat(idp.token(), false)).statusCode()).isEqualTo(200);
    }
    HttpResponse<String> over = node.send(chat(idp.token(), false));

    assertThat(over.statusCode()).isEqualTo(429);
    assertThat(over.body()).contains("all").doesNotContain("of-the-key");
  }

  private static RateLimitRule limit(String name, Optional<String> apiKey, long perMinute) {
    return new RateLimitRule("acme", name, apiKey, Optional.empty(), perMinute, 0, 0, false);
  }

  @Test
  void refusesTokensWhereTheNodeIsNotToldOfAnyIssuer() throws Exception {
    try (NodeTester plain = new NodeTester()) {
      plain.model("assistant", "sim-n5").serviceAccounts(IdentityServer.CLIENT).publish();

      HttpResponse<String> refused =
          plain.send(
              plain.chat("assistant", false).setHeader("authorization", "Bearer " + idp.token()));

      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("\"code\":\"invalid_api_key\"");
    }
  }
}
