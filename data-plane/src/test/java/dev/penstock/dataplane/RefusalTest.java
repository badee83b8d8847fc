package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the node refuses before it asks a provider, with which code, and that it is recorded. */
class RefusalTest {

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void refusesAModelOutsideTheAllowList() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("assistant").publish();

    assertRefused(node.send(node.chat("other", true)), 403, "model_not_allowed");
    assertThat(node.onlyRecord().getModel()).isEqualTo("other");
  }

  @Test
  void refusesARequestWithoutARequiredTag() throws Exception {
    node.model("assistant", "sim-n1").requireTags("app").publish();

    assertRefused(node.send(node.chat("assistant", true)), 403, "tag_required");
  }

  @Test
  void refusesAModelThatDoesNotExist() throws Exception {
    node.model("assistant", "sim-n1").publish();

    assertRefused(node.send(node.chat("unheard-of", true)), 404, "model_not_found");
  }

  @Test
  void refusesANodeOutsideTheResidency() throws Exception {
    node.model("assistant", "sim-n1").residency("us-east").publish();

    assertRefused(node.send(node.chat("assistant", true)), 403, "residency_denied");
  }

  @Test
  void refusesAProviderOutsideTheResidency() throws Exception {
    node.provider("far", "us-east", node.sim.baseUrl())
        .modelAt("assistant", "far", "sim-n1")
        .residency("eu-west")
        .publish();

    assertRefused(node.send(node.chat("assistant", true)), 403, "residency_denied");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  @Test
  void refusesAProviderOfUnknownRegionWhereARuleExists() throws Exception {
    node.provider("nowhere", "", node.sim.baseUrl())
        .modelAt("assistant", "nowhere", "sim-n1")
        .residency("eu-west")
        .publish();

    assertRefused(node.send(node.chat("assistant", true)), 403, "residency_denied");
  }

  @Test
  void refusesWhatMayHaveBeenChangedSinceTheControlPlaneWasHeardOf() throws Exception {
    node.model("assistant", "sim-n1").publish();
    node.snapshots.freshness().onRestored(Duration.ofHours(24).plusSeconds(1));

    HttpResponse<String> stale = node.send(node.chat("assistant", true));
    node.snapshots.freshness().onCurrent();
    HttpResponse<String> heard = node.send(node.chat("assistant", true));

    assertThat(stale.statusCode()).isEqualTo(503);
    assertThat(stale.body()).contains("policy_stale");
    assertThat(stale.headers().firstValue("retry-after")).isPresent();
    assertThat(heard.statusCode()).isEqualTo(200);
  }

  @Test
  void aTenantsOwnLimitOfStalenessIsTheShorterOne() throws Exception {
    node.model("assistant", "sim-n1").maxStaleness(Duration.ofMinutes(5)).publish();

    node.snapshots.freshness().onRestored(Duration.ofMinutes(6));
    assertRefused(node.send(node.chat("assistant", true)), 503, "policy_stale");
    node.snapshots.freshness().onRestored(Duration.ofMinutes(4));
    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(200);

    // Longer than the node's own limit it cannot be
    node.maxStaleness(Duration.ofDays(30)).publish();
    node.snapshots.freshness().onRestored(Duration.ofHours(25));
    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(503);
  }

  @Test
  void aRunningStreamOutlivesTheLimitOfStaleness() throws Exception {
    node.model("assistant", "sim-n20-b8-d50000-t10000-g1")
        .maxStaleness(Duration.ofMinutes(5))
        .publish();

    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> sent("assistant"));
    await().until(() -> node.sim.invoice().calls().size() == 1);
    node.snapshots.freshness().onRestored(Duration.ofMinutes(6));

    assertRefused(node.send(node.chat("assistant", true)), 503, "policy_stale");
    assertThat(running.get(10, TimeUnit.SECONDS).body()).contains("[DONE]");
  }

  private HttpResponse<String> sent(String model) {
    try {
      return node.send(node.chat(model, true));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesAProviderAtAPrivateAddress() throws Exception {
    node.provider("metadata", "eu-west", "http://169.254.169.254/v1")
        .modelAt("assistant", "metadata", "sim-n1")
        .publish();

    assertRefused(node.send(node.chat("assistant", true)), 502, "upstream_error");
  }

  @Test
  void refusesKeysThatAreNotGood() throws Exception {
    node.model("assistant", "sim-n1").publish();
    HttpRequest.Builder withoutKey =
        HttpRequest.newBuilder(node.uri("/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    HttpRequest.Builder otherSecret =
        HttpRequest.newBuilder(node.uri("/v1/models"))
            .header("authorization", "Bearer " + node.key().replaceFirst(".$", "~"));

    assertThat(node.send(withoutKey).statusCode()).isEqualTo(401);
    assertThat(node.send(otherSecret).body()).contains("invalid_api_key");
    node.publish(true, 0);
    assertThat(node.send(node.chat("assistant", true)).body()).contains("key_revoked");
    node.publish(false, 1);
    assertThat(node.send(node.chat("assistant", true)).body()).contains("key_expired");
  }

  @Test
  void refusesWhatIsTooLargeMalformedOrNowhere() throws Exception {
    node.model("assistant", "sim-n1").publish();

    assertThat(node.send(node.chatBody("x".repeat(70_000))).statusCode()).isEqualTo(413);
    assertThat(node.send(node.chatBody("{\"model\":")).body()).contains("invalid_request");
    assertThat(node.send(HttpRequest.newBuilder(node.uri("/v2/x"))).body()).contains("not_found");
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .extracting(RequestRecord::getErrorCode)
                .containsExactlyInAnyOrder("request_too_large", "invalid_request", "not_found"));
  }

  @Test
  void refusesBeforeAnyPolicyHasArrived() throws Exception {
    assertRefused(node.send(node.chat("assistant", true)), 503, "policy_stale");
  }

  @Test
  void takesNoLargeBodyFromAStranger() throws Exception {
    node.model("assistant", "sim-n1").publish();
    try (Socket socket = new Socket("127.0.0.1", node.port)) {
      socket.setSoTimeout(3_000);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer pens_x\r\n"
                      + "content-length: 60000\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));

      byte[] head = socket.getInputStream().readNBytes(12);

      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
    }
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("invalid_api_key");
  }

  private void assertRefused(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("x-penstock-error-code")).contains(code);
    assertThat(response.body())
        .contains("\"error\":{\"message\":")
        .contains("\"code\":\"" + code + "\"");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(record.getStatus()).isEqualTo(status);
  }
}
