package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the client sees, and what is recorded, when a provider does not do its part. */
class ProviderFaultTest {

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
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

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("x-penstock-error-code")).contains(code);
    assertThat(response.body()).contains("\"code\":\"" + code + "\"");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("failed");
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(record.getCostNanoUsd()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"sim-status-401", "sim-status-429", "sim-status-500", "sim-reset", "sim-stall"})
  void fallsBackBeforeTheFirstByte(String broken) throws Exception {
    node.model("assistant", broken, "sim-n3-d0-t0").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    RequestRecord record = node.onlyRecord();
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

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .doesNotContain("[DONE]")
        .contains("event: error\ndata: {\"error\":{")
        .contains("\"code\":\"" + code + "\"");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("failed");
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(record.getDeployment()).isEqualTo("assistant-0");
    assertThat(record.getTokens().getOutput()).isPositive();
    assertThat(record.getCostNanoUsd()).isPositive();
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

    assertThat(node.send(node.chat("assistant", true)).body()).endsWith("data: [DONE]\n\n");

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(node.sim.invoice().calls().getFirst().outcome().toString())
                .isEqualToIgnoringCase("aborted"));
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("served");
  }

  @Test
  void opensTheCircuitOfADeploymentThatKeepsFailing() throws Exception {
    node.model("assistant", "sim-status-500").publish();
    for (int i = 0; i < 20; i++) {
      assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(502);
    }
    int called = node.sim.invoice().calls().size();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("no_deployment_available");
    assertThat(node.sim.invoice().calls()).hasSize(called);
  }
}
