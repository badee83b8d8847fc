package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One exchange through the node, from a client's socket to a provider's. */
class ExchangeTest {

  private final NodeTester node =
      new NodeTester(
          new Limits(
              64 * 1024,
              Limits.DEFAULTS.maxEventBytes(),
              Limits.DEFAULTS.maxAnswerBytes(),
              Limits.DEFAULTS.maxExchanges(),
              Limits.DEFAULTS.maxExchangesPerSocket(),
              Limits.DEFAULTS.writeQueueBytes(),
              Limits.DEFAULTS.receiveBufferBytes(),
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(2),
              Duration.ofMillis(1_500),
              Duration.ofSeconds(2),
              Duration.ofMinutes(1),
              Limits.DEFAULTS.idleClient(),
              Duration.ofMinutes(1),
              Limits.DEFAULTS.drain(),
              Limits.DEFAULTS.eventLoops()));

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void streamsWhatTheProviderSendsAndWithholdsTheUsageItAskedFor() throws Exception {
    node.model("assistant", "sim-n5-b24-d0-t0").publish();

    HttpResponse<String> response = send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(response.body()).endsWith("data: [DONE]\n\n").doesNotContain("prompt_tokens");
    assertThat(response.body().split("\"content\":\"0000", -1)).hasSize(6);
    RequestRecord record = onlyRecord();
    assertThat(record.getId())
        .isEqualTo(response.headers().firstValue("x-penstock-request-id").orElseThrow());
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
    assertThat(record.getTtftUpstreamMicros()).isPositive();
    assertThat(record.getTtftDeliveredMicros())
        .isGreaterThanOrEqualTo(record.getTtftUpstreamMicros());
    assertThat(record.getCostNanoUsd()).isEqualTo(expectedCost(record));
    assertThat(record.getAttemptsList())
        .singleElement()
        .satisfies(a -> assertThat(a.getBillable()).isTrue());
    assertThat(record.getDecisionsList())
        .extracting(d -> d.getStep())
        .containsExactly(
            "arrive",
            "identify",
            "resolve",
            "admit",
            "screen",
            "recall",
            "choose",
            "hold",
            "open",
            "relay",
            "settle");
  }

  @Test
  void passesTheUsageThatTheClientAskedFor() throws Exception {
    node.model("assistant", "sim-n2-d0-t0").publish();

    HttpResponse<String> response =
        send(
            node.chatBody(
                "{\"model\":\"assistant\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));

    assertThat(response.body()).contains("\"prompt_tokens\":");
  }

  @Test
  void answersInOnePiece() throws Exception {
    node.model("assistant", "sim-n5-d0-t0").publish();

    HttpResponse<String> response = send(node.chat("assistant", false));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"object\":\"chat.completion\"");
    RequestRecord record = onlyRecord();
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
    assertThat(record.getTransport()).isEqualTo("http");
    assertThat(record.getCostNanoUsd()).isEqualTo(expectedCost(record));
  }

  @Test
  void sendsTheProviderNothingOfTheClients() throws Exception {
    node.model("assistant", "sim-n1-d0-t0").publish();

    send(
        node.chat("assistant", true)
            .header("x-forwarded-for", "10.0.0.1")
            .header("cookie", "a=b")
            .header("openai-organization", "org")
            .header("x-penstock-tenant", "other"));

    BilledCall call = node.sim.invoice().calls().getFirst();
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.headerNames())
        .containsExactlyInAnyOrder(
            "host",
            "authorization",
            "content-type",
            "accept",
            "accept-encoding",
            "user-agent",
            "content-length");
  }

  @ParameterizedTest
  @CsvSource({
    "sim-status-401, upstream_auth,         502",
    "sim-status-403, upstream_auth,         502",
    "sim-status-404, upstream_error,        502",
    "sim-status-429, upstream_rate_limited, 429",
    "sim-status-500, upstream_error,        502",
    "sim-reset,      upstream_error,        502",
    "sim-close,      upstream_error,        502",
    "sim-stall,      upstream_timeout,      504"
  })
  void saysWhatBecameOfTheProvider(String script, String code, int status) throws Exception {
    node.model("assistant", script).publish();

    HttpResponse<String> response = send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("x-penstock-error-code")).contains(code);
    assertThat(response.body()).contains("\"code\":\"" + code + "\"");
    RequestRecord record = onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("failed");
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(record.getCostNanoUsd()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"sim-status-401", "sim-status-429", "sim-status-500", "sim-reset", "sim-stall"})
  void fallsBackBeforeTheFirstByte(String broken) throws Exception {
    node.model("assistant", broken, "sim-n3-d0-t0").publish();

    HttpResponse<String> response = send(node.chat("assistant", true));

    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    RequestRecord record = onlyRecord();
    assertThat(record.getDeployment()).isEqualTo("assistant-1");
    assertThat(record.getAttemptsList())
        .extracting(a -> a.getBillable())
        .containsExactly(false, true);
  }

  @ParameterizedTest
  @CsvSource({
    "sim-reset-after-3,      upstream_cut",
    "sim-close-after-3,      upstream_cut",
    "sim-stall-after-3,      upstream_timeout",
    "sim-malformed-chunk,    upstream_error",
    "sim-error-mid-stream,   upstream_error"
  })
  void neverEndsABrokenStreamWell(String script, String code) throws Exception {
    node.model("assistant", script, "sim-n3-d0-t0").publish();

    HttpResponse<String> response = send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .doesNotContain("[DONE]")
        .contains("event: error\ndata: {\"error\":{")
        .contains("\"code\":\"" + code + "\"");
    RequestRecord record = onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("failed");
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(record.getDeployment()).isEqualTo("assistant-0");
    assertThat(record.getTokens().getOutput()).isPositive();
    assertThat(record.getCostNanoUsd()).isPositive();
  }

  @Test
  void estimatesWhatAProviderDoesNotReport() throws Exception {
    node.model("assistant", "sim-missing-usage").publish();

    send(node.chat("assistant", true));

    RequestRecord record = onlyRecord();
    assertThat(record.getUsageSource()).isEqualTo("estimated");
    assertThat(record.getTokens().getOutput())
        .isEqualTo(node.sim.invoice().calls().getFirst().chunksSent());
    assertThat(record.getTokens().getInput()).isPositive();
    assertThat(record.getCostNanoUsd()).isEqualTo(expectedCost(record));
  }

  @Test
  void endsWithoutInventingATerminalEvent() throws Exception {
    node.model("assistant", "sim-no-done").publish();

    HttpResponse<String> response = send(node.chat("assistant", true));

    assertThat(response.body()).doesNotContain("[DONE]").doesNotContain("event: error");
    assertThat(onlyRecord().getOutcome()).isEqualTo("served");
  }

  @Test
  void passesOnTheProvidersWordsAboutABadRequest() throws Exception {
    node.model("assistant", "sim-n1").publish();

    HttpResponse<String> response =
        send(
            node.chatBody(
                "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"unheard_of\":1}"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("unheard_of");
    assertThat(onlyRecord().getErrorCode()).isEqualTo("upstream_error");
  }

  @Test
  void refusesAModelOutsideTheAllowList() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("assistant").publish();

    assertRefused(send(node.chat("other", true)), 403, "model_not_allowed");
  }

  @Test
  void refusesAModelThatDoesNotExist() throws Exception {
    node.model("assistant", "sim-n1").publish();

    assertRefused(send(node.chat("unheard-of", true)), 404, "model_not_found");
  }

  @Test
  void refusesANodeOutsideTheResidency() throws Exception {
    node.model("assistant", "sim-n1").residency("us-east").publish();

    assertRefused(send(node.chat("assistant", true)), 403, "residency_denied");
  }

  @Test
  void refusesAProviderOutsideTheResidency() throws Exception {
    node.provider("far", "us-east", node.sim.baseUrl())
        .modelAt("assistant", "far", "sim-n1")
        .residency("eu-west")
        .publish();

    assertRefused(send(node.chat("assistant", true)), 403, "residency_denied");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  @Test
  void refusesAProviderOfUnknownRegionWhereARuleExists() throws Exception {
    node.provider("nowhere", "", node.sim.baseUrl())
        .modelAt("assistant", "nowhere", "sim-n1")
        .residency("eu-west")
        .publish();

    assertRefused(send(node.chat("assistant", true)), 403, "residency_denied");
  }

  @Test
  void refusesAProviderAtAPrivateAddress() throws Exception {
    node.provider("metadata", "eu-west", "http://169.254.169.254/v1")
        .modelAt("assistant", "metadata", "sim-n1")
        .publish();

    assertRefused(send(node.chat("assistant", true)), 502, "upstream_error");
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

    assertThat(send(withoutKey).statusCode()).isEqualTo(401);
    assertThat(send(otherSecret).body()).contains("invalid_api_key");
    node.publish(true, 0);
    assertThat(send(node.chat("assistant", true)).body()).contains("key_revoked");
    node.publish(false, 1);
    assertThat(send(node.chat("assistant", true)).body()).contains("key_expired");
  }

  @Test
  void refusesWhatIsTooLargeMalformedOrNowhere() throws Exception {
    node.model("assistant", "sim-n1").publish();

    assertThat(send(node.chatBody("x".repeat(70_000))).statusCode()).isEqualTo(413);
    assertThat(send(node.chatBody("{\"model\":")).body()).contains("invalid_request");
    assertThat(send(HttpRequest.newBuilder(node.uri("/v2/x"))).body()).contains("not_found");
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .extracting(RequestRecord::getErrorCode)
                .containsExactlyInAnyOrder("request_too_large", "invalid_request", "not_found"));
  }

  @Test
  void refusesBeforeAnyPolicyHasArrived() throws Exception {
    assertRefused(send(node.chat("assistant", true)), 503, "policy_stale");
  }

  @Test
  void listsTheModelsThatMayBeUsed() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("assistant").publish();

    assertThat(send(models("/v1/models")).body())
        .contains("\"id\":\"assistant\"")
        .doesNotContain("other");
    assertThat(send(models("/v1/models/assistant")).statusCode()).isEqualTo(200);
    assertThat(send(models("/v1/models/other")).statusCode()).isEqualTo(404);
  }

  @Test
  void endsRunningStreamsOfARevokedKey() throws Exception {
    node.model("assistant", "sim-n1000-d20000-t0").publish();
    var response =
        node.http.sendAsync(node.chat("assistant", true).build(), BodyHandlers.ofString());
    await()
        .until(() ->
            !node.sim.invoice().calls().isEmpty()
                && node.sim.invoice().calls().getFirst().chunksSent() > 2);

    node.publish(true, 0);

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    assertThat(onlyRecord().getOutcome()).isEqualTo("cancelled");
  }

  @Test
  void endsTheStreamOfAKeyThatWasRevokedBeforeItBegan() throws Exception {
    node.model("assistant", "sim-n5-d0-t500000").publish();
    var response =
        node.http.sendAsync(node.chat("assistant", true).build(), BodyHandlers.ofString());
    await().until(() -> !node.sim.invoice().calls().isEmpty());

    node.publish(true, 0);

    assertThat(response.get().body()).contains("\"code\":\"key_revoked\"").doesNotContain("[DONE]");
    assertThat(onlyRecord().getErrorCode()).isEqualTo("key_revoked");
  }

  @Test
  void cutsAProviderThatHasSaidAllAndDoesNotEnd() throws Exception {
    node.sim
        .scripts()
        .put(
            "lingers",
            "{\"steps\":[{\"text\":{\"chunks\":2,\"every\":0}},{\"finish\":\"stop\",\"usage\":true,\"done\":true},"
                + "{\"stall\":true}]}");
    node.model("assistant", "lingers").publish();

    assertThat(send(node.chat("assistant", true)).body()).endsWith("data: [DONE]\n\n");

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(node.sim.invoice().calls().getFirst().outcome().toString())
                .isEqualToIgnoringCase("aborted"));
    assertThat(onlyRecord().getOutcome()).isEqualTo("served");
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
    assertThat(onlyRecord().getErrorCode()).isEqualTo("invalid_api_key");
  }

  @Test
  void opensTheCircuitOfADeploymentThatKeepsFailing() throws Exception {
    node.model("assistant", "sim-status-500").publish();
    for (int i = 0; i < 20; i++) {
      assertThat(send(node.chat("assistant", true)).statusCode()).isEqualTo(502);
    }
    int called = node.sim.invoice().calls().size();

    HttpResponse<String> response = send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("no_deployment_available");
    assertThat(node.sim.invoice().calls()).hasSize(called);
  }

  @Test
  void closesAConnectionWhoseHeadersNeverEnd() throws Exception {
    try (Socket client = new Socket("127.0.0.1", node.port)) {
      client.setSoTimeout(5_000);
      client
          .getOutputStream()
          .write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n".getBytes(US_ASCII));

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void speaksNoHttp2InTheClear() throws Exception {
    try (Socket client = new Socket("127.0.0.1", node.port)) {
      client.setSoTimeout(5_000);
      client.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));

      assertThat(new String(client.getInputStream().readNBytes(5), US_ASCII)).isEqualTo("HTTP/");
    }
  }

  private HttpRequest.Builder models(String path) {
    return HttpRequest.newBuilder(node.uri(path)).header("authorization", "Bearer " + node.key());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return node.http.send(request.build(), BodyHandlers.ofString());
  }

  private void assertRefused(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("x-penstock-error-code")).contains(code);
    assertThat(response.body())
        .contains("\"error\":{\"message\":")
        .contains("\"code\":\"" + code + "\"");
    RequestRecord record = onlyRecord();
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(record.getStatus()).isEqualTo(status);
  }

  private RequestRecord onlyRecord() {
    List<RequestRecord> records = await().until(node.spool::records, found -> !found.isEmpty());
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  private static long expectedCost(RequestRecord record) {
    Map<Long, Long> items =
        Map.of(
            2_500L, record.getTokens().getInput() - record.getTokens().getCacheRead(),
            1_250L, record.getTokens().getCacheRead(),
            10_000L, record.getTokens().getOutput());
    return items.entrySet().stream()
        .mapToLong(item -> Math.ceilDiv(item.getKey() * item.getValue(), 1_000_000))
        .sum();
  }
}
